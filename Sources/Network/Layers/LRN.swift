/// Local response normalisation over channels, the custom layer that ports of AlexNet and GoogLeNet have:
/// x / (k + α · Σx²)^β over n neighbouring channels.
public struct LRN: UnaryLayer {
  public static let className = "LRN"
  public var name: String?
  public var alpha: Float
  public var beta: Float
  public var k: Float
  public var n: Int

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    alpha = Float(try configuration.number("alpha", default: 1e-4))
    beta = Float(try configuration.number("beta", default: 0.75))
    k = Float(try configuration.number("k", default: 1))
    n = try configuration.integer("n", default: 5)
    guard n > 0, n % 2 == 1 else { throw LayerError("its n is \(n); expected an odd number") }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "alpha": .decimal(alpha), "beta": .decimal(beta), "k": .decimal(k), "n": .integer(n),
    ]
  }

  public func outputShape(_ input: Shape) throws -> Shape { input }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    [
      try context.normalizeLocally(
        context.inputs[0], radius: n / 2, bias: k, alpha: alpha, beta: beta)
    ]
  }
}
