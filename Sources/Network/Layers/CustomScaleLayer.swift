/// The first input and a multiple of the second: the layer of its own that InceptionResNetV2 brings.
public struct CustomScaleLayer: Layer {
  public static let className = "CustomScaleLayer"
  public var name: String?
  public var scale: Float

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    scale = Float(try configuration.number("scale", default: 1))
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["scale": .decimal(scale)]
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard inputs.count == 2 else { throw LayerError("it has \(inputs.count) inputs; it takes two") }
    return [try Shape.merged(inputs)]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let scaled = try context.combine(
      .multiplication, context.inputs[1], Tensor(shape: [], values: [scale]))
    return [try context.combine(.addition, context.inputs[0], scaled)]
  }
}
