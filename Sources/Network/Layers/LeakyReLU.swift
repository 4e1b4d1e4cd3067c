import Kernel

/// x where positive, else `negativeSlope` · x.
public struct LeakyReLU: ActivationLayer {
  public static let className = "LeakyReLU"
  public var name: String?
  public var negativeSlope: Float

  public init(negativeSlope: Float = 0.3, name: String? = nil) {
    self.negativeSlope = negativeSlope
    self.name = name
  }

  /// Keras 2 calls the slope `alpha`.
  public init(_ configuration: LayerConfiguration) throws {
    let slope = try configuration.number("alpha", default: 0.3)
    self.init(
      negativeSlope: Float(try configuration.number("negative_slope", default: slope)),
      name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [version >= 3 ? "negative_slope" : "alpha": .decimal(negativeSlope)]
  }

  public var function: ActivationFunction {
    .elementwise(Kernel.Activation(.leakyRelu, alpha: negativeSlope))
  }
}
