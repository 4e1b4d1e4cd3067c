import Kernel
import Runtime

/// Batch normalisation at inference: (x - mean) / √(variance + ε) · γ + β for each channel.
public struct BatchNormalization: UnaryLayer {
  public static let className = "BatchNormalization"
  public var name: String?
  public var epsilon: Double
  /// How much of the moving mean and variance each step of training keeps.
  public var momentum: Double
  public var center: Bool
  public var scale: Bool
  /// The axis that holds the channels, as Keras counts: with the batch, or from the end where negative.
  public var axis: Int

  public init(
    epsilon: Double = 1e-3, momentum: Double = 0.99, center: Bool = true, scale: Bool = true,
    axis: Int = -1,
    name: String? = nil
  ) {
    self.epsilon = epsilon
    self.momentum = momentum
    self.center = center
    self.scale = scale
    self.axis = axis
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    epsilon = try configuration.number("epsilon", default: 1e-3)
    momentum = try configuration.number("momentum", default: 0.99)
    center = try configuration.bool("center", default: true)
    scale = try configuration.bool("scale", default: true)
    let axes = try configuration.integers("axis") ?? [-1]
    guard axes.count == 1 else {
      throw LayerError("its axis is \(axes); only one axis is supported")
    }
    axis = axes[0]
    if try configuration.bool("renorm", default: false) {
      throw LayerError("it uses renorm, which is not supported")
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "axis": .integer(axis), "epsilon": .number(epsilon), "momentum": .number(momentum),
      "center": .bool(center),
      "scale": .bool(scale),
    ]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    _ = try channels(input)
    return input
  }

  private func channels(_ input: Shape) throws -> Int {
    guard let channels = input.sizes[try input.axis(axis)] else {
      throw LayerError("its input has shape \(input); the size of axis \(axis) must be known")
    }
    return channels
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let shape = [try channels(inputs[0])]
    var result: [WeightSpecification] = []
    if scale { result.append(WeightSpecification("gamma", shape, initializer: .ones)) }
    if center { result.append(WeightSpecification("beta", shape, initializer: .zeros)) }
    result.append(
      WeightSpecification("moving_mean", shape, isTrainable: false, initializer: .zeros))
    result.append(
      WeightSpecification("moving_variance", shape, isTrainable: false, initializer: .ones))
    return result
  }

  /// One multiplication and one addition a value; their factors are rounded once, from `Double`.
  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let weights = context.weights
    let channelsAxis = try Shape(context.shape(context.inputs[0])).axis(axis)
    if channelsAxis == context.shape(context.inputs[0]).count - 1,
      let result = context.normalizeBatch(
        context.inputs[0], gamma: scale ? weights[0] : nil,
        beta: center ? weights[scale ? 1 : 0] : nil, mean: weights[weights.count - 2],
        variance: weights[weights.count - 1], epsilon: epsilon, momentum: momentum)
    {
      return [result]
    }
    let mean = weights[weights.count - 2].values
    let variance = weights[weights.count - 1].values
    var factors: [Float] = []
    var shifts: [Float] = []
    for channel in mean.indices {
      let gamma = scale ? Double(weights[0].values[channel]) : 1
      let beta = center ? Double(weights[scale ? 1 : 0].values[channel]) : 0
      let factor = gamma / (Double(variance[channel]) + epsilon).squareRoot()
      factors.append(Float(factor))
      shifts.append(Float(beta - Double(mean[channel]) * factor))
    }
    let rank = context.shape(context.inputs[0]).count
    let own = try Shape(context.shape(context.inputs[0])).axis(axis)
    if own == rank - 1 { return [context.scaleAndShift(context.inputs[0], factors, shifts)] }
    let last = try context.permute(
      context.inputs[0], (0..<rank).filter { $0 != own } + [own])
    let result = context.scaleAndShift(last, factors, shifts)
    return [
      try context.permute(result, Array(0..<own) + [rank - 1] + Array(own..<rank - 1))
    ]
  }
}
