import Kernel

/// A transposed convolution of volumes: the convolution of a volume with zeros between its values.
public struct Conv3DTranspose: UnaryLayer {
  public static let className = "Conv3DTranspose"
  public var name: String?
  public var filters: Int
  public var kernelSize: [Int]
  public var strides: [Int]
  public var padding: Window2D.Padding
  public var outputPadding: [Int]?
  public var useBias: Bool
  public var activation: ActivationFunction

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    filters = try configuration.integer("filters")
    kernelSize = try configuration.sizes3D("kernel_size")
    strides = try configuration.sizes3D("strides", default: [1])
    padding = try configuration.choice("padding", default: .valid)
    outputPadding = try configuration.integers("output_padding")
    guard outputPadding.map({ $0.count == 1 || $0.count == 3 }) ?? true else {
      throw LayerError(
        "its output_padding is \(outputPadding ?? []); expected one or three numbers")
    }
    useBias = try configuration.bool("use_bias", default: true)
    activation = try configuration.activation()
    guard try configuration.sizes3D("dilation_rate", default: [1]) == [1, 1, 1] else {
      throw LayerError("it has a dilation_rate, which is not supported")
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "filters": .integer(filters), "kernel_size": .integers(kernelSize),
      "strides": .integers(strides), "padding": .string(padding.rawValue),
      "output_padding": outputPadding.map { .integers($0) } ?? .null,
      "data_format": .string("channels_last"), "use_bias": .bool(useBias),
      "activation": try activation.configuration(kerasMajorVersion: version),
    ]
  }

  /// The layer along one axis.
  private func row(_ axis: Int) -> Conv2DTranspose {
    Conv2DTranspose(
      1, kernel: Size2D(1, kernelSize[axis]), strides: Size2D(1, strides[axis]),
      padding: padding,
      outputPadding: outputPadding.map { Size2D(0, $0[$0.count == 1 ? 0 : axis]) })
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == 4, filters > 0 else {
      throw LayerError(
        "its input has shape \(input); expected (None, depth, height, width, channels)")
    }
    let sizes = try (0..<3).map { axis in
      try row(axis).outputShape(Shape([1, input.sizes[axis], 1])).sizes[1]
    }
    return Shape(sizes + [filters])
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let kernel = WeightSpecification("kernel", kernelSize + [filters, try inputs[0].channels])
    let bias = WeightSpecification("bias", [filters], initializer: .zeros)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let input = context.shape(context.inputs[0])
    let spread = try context.take(
      context.inputs[0],
      (0..<3).map { axis in
        let length = (input[axis] - 1) * strides[axis] + 1
        return (0..<length).map { $0 % strides[axis] == 0 ? $0 / strides[axis] : -1 }
      } + [Array(0..<input[3])])
    let padding = (0..<3).map { axis in
      kernelSize[axis] - 1 - row(axis).paddingLeft(input[axis], output[axis])
    }
    // The last tap first, and the input channels before the output's.
    let kernel = context.rearranged(context.weights[0]) {
      $0.reversed(axes: 0..<3).transposed([0, 1, 2, 4, 3])
    }
    let sum = try context.convolveVolume(
      spread, kernel: kernel,
      bias: useBias ? context.weights[1].values : nil, strides: [1, 1, 1], dilation: [1, 1, 1],
      padding: padding, shape: output)
    return [try context.activate(sum, activation)]
  }
}
