import Kernel
import Runtime

/// What a layer sees while it is lowered: its inputs, its weights, and the operations it may use.
public struct LoweringContext {
  var lowering: Lowering
  public let inputs: [Lowering.Value]
  /// In the order of the layer's `weights(_:)`.
  public let weights: [Tensor]
  let prefix: String
  let taps: Set<String>

  /// The shape of a value, without the batch.
  public func shape(_ value: Lowering.Value) -> [Int] { lowering.values[value].shape }

  /// The shape of a layer's only output for these inputs.
  public func outputShape(of layer: some Layer) throws -> [Int] {
    let shape = try layer.outputShapes(inputs.map { Shape(self.shape($0)) })[0]
    guard let known = shape.known else { throw LayerError("its output \(shape) has open sizes") }
    return known
  }

  /// A convolution; the kernel is HWIO, of the input channels of one group.
  public mutating func convolve(
    _ input: Lowering.Value, kernel: Tensor, bias: [Float]?, geometry: WindowGeometry,
    groups: Int, shape: [Int]
  ) -> Lowering.Value {
    let channels = geometry.outputChannels
    var step = step(.convolution, [input], shape: shape)
    step.window = Runtime.Operation.Window(geometry: geometry, groups: groups)
    if let variable = lowering.variable(kernel.values, .panels(kernel.shape, groups: groups)) {
      step.variableKernel = VariableKernel(value: variable, shape: kernel.shape)
    } else {
      step.kernel = kernel
    }
    step.references.bias = bias.flatMap { lowering.variable($0, .channels(groups: groups)) }
    step.bias = PackedKernel.channels(
      bias ?? [Float](repeating: 0, count: channels), groups: groups, fill: 0)
    return append(step)
  }

  /// A transposed convolution; the kernel is (height, width, out, in), and the geometry's window slides over
  /// the output.
  public mutating func convolveTransposed(
    _ input: Lowering.Value, kernel: Tensor, bias: [Float]?, geometry: WindowGeometry,
    shape: [Int]
  ) -> Lowering.Value {
    let strides = Size2D(geometry.strideY, geometry.strideX)
    let variable = lowering.variable(kernel.values, .panels(kernel.shape, groups: 1))
    if variable == nil, strides == 1 {
      return convolve(
        input, kernel: kernel.reversed(axes: 0..<2).transposed([0, 1, 3, 2]), bias: bias,
        geometry: geometry.turned, groups: 1, shape: shape)
    }
    var step = step(.transposedConvolution, [input], shape: shape)
    step.window = Runtime.Operation.Window(geometry: geometry)
    if let variable {
      step.variableKernel = VariableKernel(value: variable, shape: kernel.shape)
    } else {
      step.weights = lowering.packed(kernel, "transposed \(strides)") {
        PackedKernel.transposed($0, strides: strides)
      }
      // For the gradient of its input.
      if hasGradients { step.kernel = kernel }
    }
    step.references.bias = bias.flatMap { lowering.variable($0, .channels(groups: 1)) }
    step.bias = PackedKernel.channels(
      bias ?? [Float](repeating: 0, count: geometry.outputChannels), groups: 1, fill: 0)
    return append(step)
  }

  /// A depthwise convolution; the kernel is (height, width, channels, multiplier).
  public mutating func convolveDepthwise(
    _ input: Lowering.Value, kernel: Tensor, bias: [Float]?, geometry: WindowGeometry,
    shape: [Int]
  ) -> Lowering.Value {
    let channels = geometry.outputChannels
    var step = step(.depthwiseConvolution, [input], shape: shape)
    step.window = Runtime.Operation.Window(geometry: geometry)
    if let variable = lowering.variable(kernel.values, .depthwise(kernel.shape)) {
      step.references.weights = variable
    } else {
      step.weights = lowering.packed(kernel, "depthwise") { PackedKernel.depthwise($0) }
    }
    step.references.bias = bias.flatMap { lowering.variable($0, .channels(groups: 1)) }
    step.bias = PackedKernel.channels(
      bias ?? [Float](repeating: 0, count: channels), groups: 1, fill: 0)
    return append(step)
  }

  public mutating func pool(
    _ input: Lowering.Value, _ kind: Runtime.Operation.Kind, geometry: WindowGeometry,
    shape: [Int]
  ) -> Lowering.Value {
    var step = step(kind, [input], shape: shape)
    step.window = Runtime.Operation.Window(geometry: geometry)
    return hasGradients ? poolForGradients(step) : append(step)
  }

  /// Each channel of the last axis, scaled and shifted.
  public mutating func scaleAndShift(
    _ input: Lowering.Value, _ scale: [Float], _ shift: [Float]
  ) -> Lowering.Value {
    var step = step(.scaleAndShift, [input], shape: shape(input))
    step.numbers = [scale.count]
    step.scale = PackedKernel.channels(scale, groups: 1, fill: 0)
    step.shift = PackedKernel.channels(shift, groups: 1, fill: 0)
    return append(step)
  }

  /// An activation; a linear one is no operation.
  public mutating func activate(
    _ input: Lowering.Value, _ function: ActivationFunction
  ) throws -> Lowering.Value {
    switch function {
    case .elementwise(let activation):
      if activation.function == .linear { return lowering.view(input, shape: shape(input)) }
      var step = step(.activation, [input], shape: shape(input))
      step.activation = activation
      return append(step)
    case .softmax(let axes, let isLogarithmic):
      let shape = shape(input)
      let indices = try axes.map { try Shape(shape).axis($0) }.sorted()
      guard let first = indices.first, let last = indices.last,
        indices == Array(first...last)
      else { throw LayerError("its softmax goes over axes \(axes); they must be neighbours") }
      var step = step(.softmax, [input], shape: shape)
      step.numbers = [
        shape[..<first].reduce(1, *), shape[first...last].reduce(1, *),
        shape[(last + 1)...].reduce(1, *), isLogarithmic ? 1 : 0,
      ]
      return append(step)
    }
  }

  public mutating func add(_ a: Lowering.Value, _ b: Lowering.Value) -> Lowering.Value {
    append(step(.addition, [a, b], shape: shape(a)))
  }

  /// The same values under another shape.
  public mutating func view(_ input: Lowering.Value, shape: [Int]) -> Lowering.Value {
    lowering.view(input, shape: shape)
  }

  /// A value for copies to fill.
  public mutating func empty(shape: [Int]) -> Lowering.Value { lowering.define(shape: shape) }

  /// A value of one repeated number.
  public mutating func filled(with number: Float, shape: [Int]) -> Lowering.Value {
    // The input is itself: a fill reads nothing.
    let value = lowering.define(shape: shape)
    var step = Lowering.Step(kind: .fill, inputs: [value], output: value)
    step.activation = Kernel.Activation(.linear, alpha: number)
    lowering.steps.append(step)
    return value
  }

  /// A picture (height, width, channels) with zeros around it.
  public mutating func pad(
    _ input: Lowering.Value, top: Int, left: Int, shape: [Int]
  ) -> Lowering.Value {
    let from = self.shape(input)
    let row = from[1] * from[2]
    let padded = filled(with: 0, shape: shape)
    copy(
      input, to: padded, planes: 1, rows: from[0], length: row, source: (0, row),
      target: (0, shape[1] * shape[2]), offset: top * shape[1] * shape[2] + left * shape[2])
    lowering.steps[lowering.steps.count - 1].padding = (top, left)
    return padded
  }

  /// Copies planes of rows of `length` floats from one value into a part of another.
  public mutating func copy(
    _ input: Lowering.Value, to target: Lowering.Value, planes: Int, rows: Int, length: Int,
    source: (planeStride: Int, rowStride: Int),
    target targetStrides: (planeStride: Int, rowStride: Int), offset: Int
  ) {
    var step = Lowering.Step(kind: .copy, inputs: [input], output: target)
    step.numbers = [
      planes, rows, length, source.planeStride, source.rowStride, targetStrides.planeStride,
      targetStrides.rowStride, offset,
    ]
    lowering.steps.append(step)
  }

  /// The operations of a nested network.
  mutating func lower(
    _ network: Network, _ inputs: [Lowering.Value]
  ) throws -> [Lowering.Value] {
    try lowering.lower(network, inputs: inputs, prefix: prefix, taps: taps)
  }

  /// What `body` makes with other inputs and weights.
  mutating func withInputs<Result>(
    _ inputs: [Lowering.Value], weights: [Tensor],
    _ body: (inout LoweringContext) throws -> Result
  ) rethrows -> Result {
    // Handed over: with two owners, each change would copy all of it.
    var inner = LoweringContext(
      lowering: lowering, inputs: inputs, weights: weights, prefix: prefix, taps: taps)
    lowering = Lowering()
    defer { lowering = inner.lowering }
    return try body(&inner)
  }

  mutating func step(
    _ kind: Runtime.Operation.Kind, _ inputs: [Lowering.Value], shape: [Int]
  ) -> Lowering.Step {
    Lowering.Step(kind: kind, inputs: inputs, output: lowering.define(shape: shape))
  }

  mutating func append(_ step: Lowering.Step) -> Lowering.Value {
    lowering.steps.append(step)
    return step.output
  }
}

extension WindowGeometry {
  /// Of a transposed convolution of stride 1 the window of the convolution that it is, whose kernel is turned
  /// by half.
  fileprivate var turned: WindowGeometry {
    var result = self
    result.paddingTop = (windowHeight - 1) * dilationY - paddingTop
    result.paddingLeft = (windowWidth - 1) * dilationX - paddingLeft
    return result
  }
}
