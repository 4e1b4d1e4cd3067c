/// Layers one behind the other, which Keras 3 has for preprocessing.
public struct Pipeline: UnaryLayer {
  public static let className = "Pipeline"
  public var name: String?
  private let layers: [any Layer]

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    layers = try (configuration["layers"]?.list ?? []).map { entry in
      var one = configuration
      one.values = ["layer": entry]
      return try one.layer("layer")
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    guard version >= 3 else { throw LayerError("only Keras 3 has the class \(className)") }
    return ["layers": .list(try layers.map { try $0.entry(kerasMajorVersion: version) })]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    try layers.reduce(input) { shape, layer in
      guard try layer.weights([shape]).isEmpty else {
        throw LayerError("its layer \(layer.className) has weights, which is not supported")
      }
      return try layer.outputShapes([shape])[0]
    }
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    var value = context.inputs[0]
    for layer in layers { value = try context.lower(layer, [value])[0] }
    return [value]
  }
}
