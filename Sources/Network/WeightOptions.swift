/// What a layer's arguments say of the training of its weights: how each begins, and what it adds to the
/// loss.
///
/// Keras has these arguments in every kind of layer, by the names of the weights: `kernel_initializer`,
/// `bias_regularizer`. They belong to a network's nodes rather than to the layers, which have nothing to do
/// with them.
public struct WeightOptions: Equatable, Sendable {
  /// By the weights' names in Keras's arguments: `kernel`, `moving_mean`.
  public var initializers: [String: Initializer] = [:]
  public var regularizers: [String: Regularizer] = [:]

  public init(
    initializers: [String: Initializer] = [:], regularizers: [String: Regularizer] = [:]
  ) {
    self.initializers = initializers
    self.regularizers = regularizers
  }

  /// - Parameter arguments: A layer's; what is not known of them is left to Keras's defaults, since a
  ///   network can be executed without.
  public init(_ arguments: [String: LayerConfiguration.Value]) {
    for (key, value) in arguments where value != .null {
      if let weight = Self.weight(key, "_initializer") {
        initializers[weight] = try? Initializer(configuration: value)
      } else if let weight = Self.weight(key, "_regularizer"), weight != "activity" {
        regularizers[weight] = try? Regularizer(configuration: value)
      }
    }
  }

  private static func weight(_ key: String, _ ending: String) -> String? {
    key.hasSuffix(ending) ? String(key.dropLast(ending.count)) : nil
  }

  /// The arguments as a version of Keras saves them.
  ///
  /// - Parameter weights: The layer's; of others that Keras 2 may have said something, Keras 3 knows
  ///   nothing.
  public func configuration(
    of weights: [WeightSpecification], kerasMajorVersion version: Int
  ) -> [String: LayerConfiguration.Value] {
    let names = Set(weights.flatMap { Self.names($0.name) })
    var result: [String: LayerConfiguration.Value] = [:]
    for (weight, value) in initializers where names.contains(weight) {
      result["\(weight)_initializer"] = value.configuration(kerasMajorVersion: version)
    }
    for (weight, value) in regularizers where names.contains(weight) {
      result["\(weight)_regularizer"] = value.configuration(kerasMajorVersion: version)
    }
    return result
  }

  /// How a weight begins.
  public func initializer(_ weight: WeightSpecification) -> Initializer {
    Self.names(weight.name).lazy.compactMap { initializers[$0] }.first ?? weight.initializer
  }

  /// What a weight adds to the loss; nil for nothing.
  public func regularizer(_ weight: WeightSpecification) -> Regularizer? {
    Self.names(weight.name).lazy.compactMap { regularizers[$0] }.first
  }

  /// What arguments may call a weight: of a depthwise convolution, `depthwise` or `kernel`.
  private static func names(_ weight: String) -> [String] {
    let last = weight.split(separator: "/").last.map(String.init) ?? weight
    let short = last.hasSuffix("_kernel") ? [String(last.dropLast("_kernel".count))] : []
    return [last] + short + (last == "kernel" ? ["depthwise"] : [])
  }
}
