import Network

/// What the user says of classes, layers and activations that Keras does not have.
struct CustomLayers: Sendable {
  /// By the name of a class, a layer or an activation: the activation that it is.
  private let activations: [String: String]

  static let none = CustomLayers()

  private init() { activations = [:] }

  /// - Parameter names: For each name `identity`, or what Keras calls an activation.
  /// - Throws: `NetworkError`, where there is no such activation.
  init(_ names: [String: String], kerasMajorVersion: Int) throws(NetworkError) {
    var activations: [String: String] = [:]
    for (name, function) in names {
      let activation = function == "identity" ? "linear" : function
      guard ActivationFunction(kerasName: activation, kerasMajorVersion: kerasMajorVersion) != nil
      else {
        throw NetworkError(
          "--custom \(name)=\(function): there is no activation '\(function)'; "
            + "expected identity, relu, or another that Keras names")
      }
      activations[name] = activation
    }
    self.activations = activations
  }

  /// The activation that a layer was said to be, by its own name, its class, or the name that it was
  /// registered under, with or without the package.
  func activation(
    ofLayer name: String, className: String, entry: [String: LayerConfiguration.Value]
  ) -> String? {
    if activations.isEmpty { return nil }
    return ([name] + Self.names(className, entry)).lazy.compactMap { activations[$0] }.first
  }

  private static func names(
    _ className: String, _ entry: [String: LayerConfiguration.Value]
  ) -> [String] {
    var names = [className]
    if case .string(let registered)? = entry["registered_name"] { names.append(registered) }
    return names + names.compactMap { $0.split(separator: ">").last.map(String.init) }
  }

  /// A layer's arguments with the activations replaced that the user has named.
  func replacingActivations(
    in values: [String: LayerConfiguration.Value]
  ) -> [String: LayerConfiguration.Value] {
    if activations.isEmpty { return values }
    var result = values
    for (key, value) in values where key.hasSuffix("activation") {
      let names: [String]
      switch value {
      case .string(let name): names = [name] + Self.names(name, [:])
      case .object(let object):
        var all: [String] = []
        if case .string(let className)? = object["class_name"] {
          all += Self.names(className, object)
        }
        if case .string(let function)? = object["config"] { all += Self.names(function, object) }
        names = all
      default: names = []
      }
      if let activation = names.lazy.compactMap({ activations[$0] }).first {
        result[key] = .string(activation)
      }
    }
    return result
  }
}
