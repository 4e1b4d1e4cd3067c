import Kernel

/// A convolution of volumes, computed as one of pictures.
///
/// The slices that a window's depth sees become the channels of a picture, and the pictures of all depths
/// stand one above the other with zeros between them.
public struct Conv3D: UnaryLayer {
  public static let className = "Conv3D"
  public var name: String?
  public var filters: Int
  public var kernelSize: [Int]
  public var strides: [Int]
  public var dilationRate: [Int]
  public var padding: Window2D.Padding
  public var groups: Int
  public var useBias: Bool
  public var activation: ActivationFunction

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    filters = try configuration.integer("filters")
    kernelSize = try configuration.sizes3D("kernel_size")
    strides = try configuration.sizes3D("strides", default: [1])
    dilationRate = try configuration.sizes3D("dilation_rate", default: [1])
    padding = try configuration.choice("padding", default: .valid)
    groups = try configuration.integer("groups", default: 1)
    useBias = try configuration.bool("use_bias", default: true)
    activation = try configuration.activation()
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "filters": .integer(filters), "kernel_size": .integers(kernelSize),
      "strides": .integers(strides), "dilation_rate": .integers(dilationRate),
      "padding": .string(padding.rawValue), "groups": .integer(groups),
      "data_format": .string("channels_last"), "use_bias": .bool(useBias),
      "activation": try activation.configuration(kerasMajorVersion: version),
    ]
  }

  private func window(_ axis: Int) -> Window2D {
    Window2D(
      Size2D(1, kernelSize[axis]), strides: Size2D(1, strides[axis]), padding: padding,
      dilationRate: Size2D(1, dilationRate[axis]))
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == 4 else {
      throw LayerError(
        "its input has shape \(input); expected (None, depth, height, width, channels)")
    }
    guard filters > 0, groups > 0, filters % groups == 0, (input.sizes[3] ?? 0) % groups == 0 else {
      throw LayerError(
        "its \(filters) filters and the channels of its input \(input) are not divisible by its "
          + "\(groups) groups")
    }
    let sizes = try (0..<3).map { axis in
      try window(axis).outputShape(Shape([1, input.sizes[axis], 1]), channels: 1).sizes[1]
    }
    return Shape(sizes + [filters])
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let kernel = WeightSpecification(
      "kernel", kernelSize + [try inputs[0].channels / groups, filters])
    let bias = WeightSpecification("bias", [filters], initializer: .zeros)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let input = context.shape(context.inputs[0])
    let padding = (0..<3).map { axis in
      window(axis).geometry(input: [1, input[axis], 1], output: [1, output[axis], 1]).paddingLeft
    }
    let (kernel, bias) = (context.weights[0], useBias ? context.weights[1].values : nil)
    if groups == 1 {
      let sum = try context.convolveVolume(
        context.inputs[0], kernel: kernel, bias: bias, strides: strides, dilation: dilationRate,
        padding: padding, shape: output)
      return [try context.activate(sum, activation)]
    }
    // Each group's channels by themselves; a kernel has its filters last.
    let (inner, outer) = (input[3] / groups, filters / groups)
    let parts = try (0..<groups).map { group in
      let range = group * outer..<(group + 1) * outer
      let own = Tensor(
        shape: kernel.shape.dropLast() + [outer],
        values: stride(from: 0, to: kernel.values.count, by: filters).flatMap { row in
          kernel.values[row + range.lowerBound..<row + range.upperBound]
        })
      return try context.convolveVolume(
        try context.take(
          context.inputs[0], axis: 3, Array(group * inner..<(group + 1) * inner)),
        kernel: own, bias: bias.map { Array($0[range]) }, strides: strides,
        dilation: dilationRate, padding: padding, shape: output.dropLast() + [outer])
    }
    return [try context.activate(context.concatenate(parts, axis: 3), activation)]
  }
}

extension LoweringContext {
  /// A convolution of a volume; the kernel is (depth, height, width, in, out).
  ///
  /// - Parameter padding: The zeros in front of each axis.
  mutating func convolveVolume(
    _ input: Lowering.Value, kernel: Tensor, bias: [Float]?, strides: [Int], dilation: [Int],
    padding: [Int], shape output: [Int]
  ) throws -> Lowering.Value {
    let from = shape(input)
    let (depth, channels) = (kernel.shape[0], from[3])
    // The rows of a picture with its zeros; as many as the window moves on a whole number of times.
    let seen = (output[1] - 1) * strides[1] + (kernel.shape[1] - 1) * dilation[1] + 1
    let pitch = (seen + strides[1] - 1) / strides[1] * strides[1]
    let slices = (0..<output[0]).flatMap { place in
      (0..<depth).map { tap -> Int in
        let slice = place * strides[0] + tap * dilation[0] - padding[0]
        return (0..<from[0]).contains(slice) ? slice : -1
      }
    }
    let rows = (0..<pitch).map { row -> Int in
      let place = row - padding[1]
      return (0..<from[1]).contains(place) ? place : -1
    }
    let whole = [Array(0..<from[2]), Array(0..<channels)]
    var pictures = try take(input, [slices, rows] + whole)
    pictures = view(pictures, shape: [output[0], depth, pitch * from[2], channels])
    pictures = try permute(pictures, [0, 2, 1, 3])
    let height = output[0] * pitch
    pictures = view(pictures, shape: [height, from[2], depth * channels])

    // From depth, height, width, in, out: a picture has the slices of the depth as channels.
    var flat = rearranged(kernel) { $0.transposed([1, 2, 0, 3, 4]) }
    flat.shape = [kernel.shape[1], kernel.shape[2], depth * channels, kernel.shape[4]]
    let reach = (kernel.shape[1] - 1) * dilation[1] + 1
    let allRows = (height - reach) / strides[1] + 1
    let sum = convolve(
      pictures, kernel: flat, bias: bias,
      geometry: WindowGeometry(
        batch: 1, input: (height, from[2], depth * channels),
        output: (allRows, output[2], output[3]), window: (kernel.shape[1], kernel.shape[2]),
        stride: (strides[1], strides[2]), dilation: (dilation[1], dilation[2]),
        padding: (0, padding[2])),
      groups: 1, shape: [allRows, output[2], output[3]])
    let kept = (0..<output[0]).flatMap { place in
      (0..<output[1]).map { place * (pitch / strides[1]) + $0 }
    }
    return view(try take(sum, axis: 0, kept), shape: output)
  }
}
