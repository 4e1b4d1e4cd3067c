import Kernel

/// A two-dimensional transposed convolution: what a convolution's gradient does to its input.
///
/// Output o is the sum over inputs i and taps k with i · stride + k · dilation = o + padding.
public struct Conv2DTranspose: UnaryLayer {
  public static let className = "Conv2DTranspose"
  public var name: String?
  public var filters: Int
  public var window: Window2D
  /// The outputs added at the bottom and right; nil for as many as the padding says.
  public var outputPadding: Size2D?
  public var useBias: Bool
  public var activation: ActivationFunction

  public init(
    _ filters: Int, kernel: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid,
    outputPadding: Size2D? = nil, dilationRate: Size2D = 1,
    activation: ActivationFunction = .linear, useBias: Bool = true, name: String? = nil
  ) {
    self.filters = filters
    window = Window2D(kernel, strides: strides, padding: padding, dilationRate: dilationRate)
    self.outputPadding = outputPadding
    self.activation = activation
    self.useBias = useBias
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    filters = try configuration.integer("filters")
    window = try Window2D(configuration, sizeKey: "kernel_size")
    if let padding = try configuration.integers("output_padding") {
      guard padding.count == 1 || padding.count == 2, padding.allSatisfy({ $0 >= 0 }) else {
        throw LayerError("its output_padding is \(padding); expected one or two whole numbers")
      }
      outputPadding = Size2D(padding[0], padding[padding.count - 1])
    }
    useBias = try configuration.bool("use_bias", default: true)
    activation = try configuration.activation()
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    window.configuration(sizeKey: "kernel_size").merging([
      "filters": .integer(filters), "use_bias": .bool(useBias),
      "output_padding": outputPadding.map { .size($0) } ?? .null,
      "activation": try activation.configuration(kerasMajorVersion: version),
    ]) { $1 }
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == 3 else {
      throw LayerError("its input has shape \(input); expected (None, height, width, channels)")
    }
    guard filters > 0 else { throw LayerError("it has \(filters) filters; expected at least 1") }
    guard window.dilationRate == 1 || window.strides == 1 else {
      throw LayerError("it has strides and a dilation_rate, which TensorFlow does not compute")
    }
    let added = outputPadding.map { ($0.height, $0.width) }
    guard
      added.map({ $0.0 < window.strides.height && $0.1 < window.strides.width }) ?? true
    else { throw LayerError("its output_padding is not less than its strides") }
    return Shape([
      try outputSize(input.sizes[0], vertical, added?.0),
      try outputSize(input.sizes[1], horizontal, added?.1), filters,
    ])
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let kernel = WeightSpecification(
      "kernel", [window.size.height, window.size.width, filters, try inputs[0].channels])
    let bias = WeightSpecification("bias", [filters], initializer: .zeros)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let input = context.shape(context.inputs[0])
    let geometry = geometry(input: input, output: output)
    let sum = context.convolveTransposed(
      context.inputs[0], kernel: context.weights[0],
      bias: useBias ? context.weights[1].values : nil, geometry: geometry, shape: output)
    return [try context.activate(sum, activation)]
  }

  /// The window of the convolution whose input's gradient this is, from the output to the input.
  package func geometry(input: [Int], output: [Int]) -> WindowGeometry {
    WindowGeometry(
      batch: 1, input: (input[0], input[1], input[2]), output: (output[0], output[1], output[2]),
      window: (window.size.height, window.size.width),
      stride: (window.strides.height, window.strides.width),
      dilation: (window.dilationRate.height, window.dilationRate.width),
      padding: (
        paddingBefore(input[0], output[0], vertical), paddingBefore(input[1], output[1], horizontal)
      ))
  }

  /// One direction of the window: how far it reaches and how far it moves.
  private struct Direction {
    var reach: Int
    var stride: Int
  }

  private var vertical: Direction {
    Direction(
      reach: (window.size.height - 1) * window.dilationRate.height + 1,
      stride: window.strides.height)
  }

  private var horizontal: Direction {
    Direction(
      reach: (window.size.width - 1) * window.dilationRate.width + 1,
      stride: window.strides.width)
  }

  private func outputSize(_ input: Int?, _ direction: Direction, _ added: Int?) throws -> Int? {
    guard let input else { return nil }
    let (reach, stride) = (direction.reach, direction.stride)
    let size: Int
    if let added {
      size = (input - 1) * stride + reach - (window.padding == .same ? reach / 2 * 2 : 0) + added
    } else {
      size = input * stride + (window.padding == .same ? 0 : max(reach - stride, 0))
    }
    guard size > 0, size < 1 << 31 else {
      throw LayerError("its output for an input of \(input) pixels would be \(size) pixels")
    }
    return size
  }

  /// The outputs that would come before the first one of a row.
  func paddingLeft(_ input: Int, _ output: Int) -> Int {
    paddingBefore(input, output, horizontal)
  }

  /// The outputs that would come before the first one: the padding of the convolution that leads from the
  /// output's size to the input's.
  private func paddingBefore(_ input: Int, _ output: Int, _ direction: Direction) -> Int {
    guard window.padding == .same else { return 0 }
    return max((input - 1) * direction.stride + direction.reach - output, 0) / 2
  }
}
