import Kernel
import Runtime

/// A depthwise convolution followed by a 1×1 convolution, with bias and activation after the latter.
public struct SeparableConv2D: UnaryLayer {
  public static let className = "SeparableConv2D"
  public var name: String?
  public var filters: Int
  public var window: Window2D
  public var depthMultiplier: Int
  public var useBias: Bool
  public var activation: ActivationFunction

  public init(
    _ filters: Int, kernel: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid,
    depthMultiplier: Int = 1, dilationRate: Size2D = 1, activation: ActivationFunction = .linear,
    useBias: Bool = true, name: String? = nil
  ) {
    self.filters = filters
    window = Window2D(kernel, strides: strides, padding: padding, dilationRate: dilationRate)
    self.depthMultiplier = depthMultiplier
    self.activation = activation
    self.useBias = useBias
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    filters = try configuration.integer("filters")
    window = try Window2D(configuration, sizeKey: "kernel_size")
    depthMultiplier = try configuration.integer("depth_multiplier", default: 1)
    useBias = try configuration.bool("use_bias", default: true)
    activation = try configuration.activation()
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    window.configuration(sizeKey: "kernel_size").merging([
      "filters": .integer(filters), "depth_multiplier": .integer(depthMultiplier),
      "use_bias": .bool(useBias),
      "activation": try activation.configuration(kerasMajorVersion: version),
    ]) { $1 }
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard filters > 0, depthMultiplier > 0 else {
      throw LayerError(
        "it has \(filters) filters and a depth_multiplier of \(depthMultiplier); "
          + "both must be at least 1")
    }
    _ = try input.channels
    return try window.outputShape(input, channels: filters)
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let channels = try inputs[0].channels
    let kernels = [
      WeightSpecification(
        "depthwise_kernel", [window.size.height, window.size.width, channels, depthMultiplier]),
      WeightSpecification("pointwise_kernel", [1, 1, channels * depthMultiplier, filters]),
    ]
    let bias = WeightSpecification("bias", [filters], initializer: .zeros)
    return useBias ? kernels + [bias] : kernels
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let input = context.shape(context.inputs[0])
    let middle = [output[0], output[1], input[2] * depthMultiplier]
    let depthwise = context.convolveDepthwise(
      context.inputs[0], kernel: context.weights[0], bias: nil,
      geometry: window.geometry(input: input, output: middle), shape: middle)
    let sum = context.convolve(
      depthwise, kernel: context.weights[1], bias: useBias ? context.weights[2].values : nil,
      geometry: Window2D(1).geometry(input: middle, output: output), groups: 1, shape: output)
    return [try context.activate(sum, activation)]
  }
}
