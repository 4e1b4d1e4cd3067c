import Kernel
import Runtime

/// A convolution of each input channel by itself, `depthMultiplier` outputs for each.
public struct DepthwiseConv2D: UnaryLayer {
  public static let className = "DepthwiseConv2D"
  public var name: String?
  public var window: Window2D
  public var depthMultiplier: Int
  public var useBias: Bool
  public var activation: ActivationFunction

  public init(
    kernel: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid,
    depthMultiplier: Int = 1, dilationRate: Size2D = 1, activation: ActivationFunction = .linear,
    useBias: Bool = true, name: String? = nil
  ) {
    window = Window2D(kernel, strides: strides, padding: padding, dilationRate: dilationRate)
    self.depthMultiplier = depthMultiplier
    self.activation = activation
    self.useBias = useBias
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    window = try Window2D(configuration, sizeKey: "kernel_size")
    depthMultiplier = try configuration.integer("depth_multiplier", default: 1)
    useBias = try configuration.bool("use_bias", default: true)
    activation = try configuration.activation()
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    window.configuration(sizeKey: "kernel_size").merging([
      "depth_multiplier": .integer(depthMultiplier), "use_bias": .bool(useBias),
      "activation": try activation.configuration(kerasMajorVersion: version),
    ]) { $1 }
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard depthMultiplier > 0 else {
      throw LayerError("its depth_multiplier is \(depthMultiplier); expected at least 1")
    }
    return try window.outputShape(input, channels: input.channels * depthMultiplier)
  }

  /// Keras 2 calls the kernel `depthwise_kernel`; the last words of both names are the same.
  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let channels = try inputs[0].channels
    let kernel = WeightSpecification(
      "kernel", [window.size.height, window.size.width, channels, depthMultiplier])
    let bias = WeightSpecification("bias", [channels * depthMultiplier], initializer: .zeros)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let sum = context.convolveDepthwise(
      context.inputs[0], kernel: context.weights[0],
      bias: useBias ? context.weights[1].values : nil,
      geometry: window.geometry(input: context.shape(context.inputs[0]), output: output),
      shape: output)
    return [try context.activate(sum, activation)]
  }
}
