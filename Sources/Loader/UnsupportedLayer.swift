import Network

/// Stands for a layer that cannot be computed, so that the rest of its model can be shown.
struct UnsupportedLayer: Layer {
  static let className = "Unsupported"
  /// The class as the file has it.
  let className: String
  var name: String?
  /// Why it cannot be computed.
  let reason: String

  init(className: String, name: String?, reason: String) {
    self.className = className
    self.name = name
    self.reason = reason
  }

  init(_ configuration: LayerConfiguration) throws {
    self.init(
      className: configuration.className, name: configuration.name, reason: "it is not supported")
  }

  func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    throw LayerError(reason)
  }

  func outputShapes(_ inputs: [Shape]) throws -> [Shape] { throw LayerError(reason) }

  func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    throw LayerError(reason)
  }
}

extension UnsupportedLayer {
  /// Why the layers of a class are not supported, and what to do.
  static func reason(_ className: String) -> LayerError {
    switch LayerRegistry.canonicalName(className) {
    case "Lambda":
      LayerError(
        "it holds Python code, which is not executed and so not supported; rebuild the model with "
          + "Keras's own layers, or say what it computes: --custom Lambda=relu, or identity")
    case "KerasLayer":
      LayerError(
        "it is a network of TensorFlow Hub, which the file names and does not hold; build the same "
          + "network with Keras's layers, such as those of keras.applications")
    case "ModuleWrapper", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer":
      LayerError(
        "it wraps code of another library, which the file does not hold; rebuild the model with "
          + "Keras's own layers")
    case "Hashing", "HashedCrossing", "IntegerLookup", "StringLookup", "TextVectorization":
      LayerError(
        "it turns words or categories into numbers, which is not supported; do that in front of the "
          + "model, and save the model without it")
    case "STFTSpectrogram", "MelSpectrogram":
      LayerError(
        "it makes spectrograms of sounds, which is not supported; make them in front of the model, "
          + "and save the model without it")
    case "AutoContrast":
      LayerError(
        "it stretches the contrast of every picture, at inference, too, which is not supported; do "
          + "that in front of the model, and save the model without it")
    default:
      LayerError(
        "its class \(className) is not supported; say what it computes, --custom \(className)=relu or "
          + "identity, where it is so (\(LayerRegistry.classNames.count) classes are supported)")
    }
  }
}

extension LayerConfiguration {
  /// Refuses a layer whose weights are stored as whole numbers, or in eight bits, with factors beside them:
  /// `model.quantize('int8')` of Keras 3. Read as numbers they would give another model.
  func refuseQuantization() throws(LayerError) {
    guard case .object(let policy)? = self["dtype"], case .string(let name)? = policy["class_name"],
      name.hasSuffix("DTypePolicy"), !["DTypePolicy", "FloatDTypePolicy"].contains(name)
    else { return }
    var mode = name
    if case .object(let config)? = policy["config"],
      case .string(let text)? = config["name"] ?? config["mode"]
    {
      mode = text
    }
    throw LayerError(
      "it is quantized (\(mode)), which is not supported; save the model as it was before "
        + "model.quantize()")
  }
}
