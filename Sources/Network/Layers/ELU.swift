import Kernel

/// x where positive, else `alpha` · (e^x - 1).
public struct ELU: ActivationLayer {
  public static let className = "ELU"
  public var name: String?
  public var alpha: Float

  public init(alpha: Float = 1, name: String? = nil) {
    self.alpha = alpha
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(
      alpha: Float(try configuration.number("alpha", default: 1)), name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["alpha": .decimal(alpha)]
  }

  public var function: ActivationFunction {
    .elementwise(Kernel.Activation(.elu, alpha: alpha))
  }
}
