/// A learned factor for each channel: the layer of its own that ConvNeXt models bring.
public struct LayerScale: UnaryLayer {
  public static let className = "LayerScale"
  public var name: String?
  /// What was read: training does more with it.
  private let values: [String: LayerConfiguration.Value]

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    values = configuration.arguments
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    values
  }

  public func outputShape(_ input: Shape) throws -> Shape { input }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    [WeightSpecification("gamma", [try inputs[0].channels], initializer: .ones)]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    [try context.combine(.multiplication, context.inputs[0], context.weights[0])]
  }
}
