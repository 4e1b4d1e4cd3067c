/// A layer whose weights training has divided by their largest singular value; at inference it is the layer.
public struct SpectralNormalization: Layer {
  public static let className = "SpectralNormalization"
  private var base: any Layer
  public var name: String?

  public init(_ configuration: LayerConfiguration) throws {
    base = try configuration.layer("layer")
    name = configuration.name
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["layer": try base.entry(kerasMajorVersion: version)]
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] { try base.outputShapes(inputs) }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let own = try base.weights(inputs)
    let columns = own.first?.shape.last ?? 1
    return own + [
      WeightSpecification("vector_u", [1, columns], isTrainable: false, initializer: .ones)
    ]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    try context.lower(base, context.inputs, weights: Array(context.weights.dropLast()))
  }
}

extension LayerConfiguration {
  /// The layer that a wrapper's configuration holds.
  func layer(_ key: String) throws -> any Layer {
    guard case .object(let entry)? = self[key], case .string(let className)? = entry["class_name"],
      case .object(let values)? = entry["config"]
    else { throw LayerError("its '\(key)' is not a layer's configuration") }
    return try LayerRegistry.layer(
      LayerConfiguration(
        className: className, values: values, kerasMajorVersion: kerasMajorVersion))
  }
}
