import Kernel

/// x where it is greater than θ, else 0.
public struct ThresholdedReLU: ActivationLayer {
  public static let className = "ThresholdedReLU"
  public var name: String?
  public var theta: Float

  public init(theta: Float = 1, name: String? = nil) {
    self.theta = theta
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(theta: Float(try configuration.number("theta", default: 1)), name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["theta": .decimal(theta)]
  }

  public var function: ActivationFunction {
    .elementwise(Kernel.Activation(.threshold, alpha: theta, beta: 0))
  }
}
