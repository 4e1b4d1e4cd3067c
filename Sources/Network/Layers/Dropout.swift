/// Dropout, which does nothing at inference.
public struct Dropout: UnaryLayer {
  public static let className = "Dropout"
  public var name: String?
  /// The share of values that training sets to zero.
  public var rate: Double

  public init(_ rate: Double, name: String? = nil) {
    self.rate = rate
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(try configuration.number("rate", default: 0), name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["rate": .number(rate)]
  }

  public func outputShape(_ input: Shape) throws -> Shape { input }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    [context.drop(context.inputs[0], rate: rate, isSpatial: false)]
  }
}
