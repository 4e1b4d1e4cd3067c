import Kernel

/// The rectifier with its arguments: a slope below the threshold, a largest value.
public struct ReLU: ActivationLayer {
  public static let className = "ReLU"
  public var name: String?
  public var maxValue: Float?
  public var negativeSlope: Float
  public var threshold: Float

  public init(
    maxValue: Float? = nil, negativeSlope: Float = 0, threshold: Float = 0, name: String? = nil
  ) {
    self.maxValue = maxValue
    self.negativeSlope = negativeSlope
    self.threshold = threshold
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    let maxValue = try configuration.number("max_value", default: .infinity)
    self.init(
      maxValue: maxValue == .infinity ? nil : Float(maxValue),
      negativeSlope: Float(try configuration.number("negative_slope", default: 0)),
      threshold: Float(try configuration.number("threshold", default: 0)),
      name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "max_value": maxValue.map { .decimal($0) } ?? .null,
      "negative_slope": .decimal(negativeSlope), "threshold": .decimal(threshold),
    ]
  }

  public var function: ActivationFunction {
    if negativeSlope == 0 && threshold == 0 {
      guard let maxValue else { return .relu }
      return .elementwise(Kernel.Activation(.reluBounded, alpha: maxValue))
    }
    return .elementwise(
      Kernel.Activation(
        .reluGeneral, alpha: negativeSlope, beta: maxValue ?? .infinity, gamma: threshold))
  }
}
