/// All values of a picture in one row; nothing is moved.
public struct Flatten: UnaryLayer {
  public static let className = "Flatten"
  public var name: String?

  public init(name: String? = nil) { self.name = name }

  public init(_ configuration: LayerConfiguration) throws {
    try configuration.requireChannelsLast()
    name = configuration.name
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["data_format": .string("channels_last")]
  }

  public func outputShape(_ input: Shape) throws -> Shape { Shape([input.count]) }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    [context.view(context.inputs[0], shape: try context.outputShape(of: self))]
  }
}
