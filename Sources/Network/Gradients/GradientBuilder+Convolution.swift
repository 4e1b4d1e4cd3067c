import Kernel
import Runtime

extension GradientBuilder {
  /// A convolution's gradients: of its weights, of its bias, of its input.
  mutating func differentiateConvolution(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) throws {
    guard let window = step.window else { return }
    if let kernel = step.variableKernel, isTrainable(kernel.value) {
      var targets: [GradientTarget] = [(kernel.value, \.target)]
      if let bias = step.references.bias, isTrainable(bias) {
        targets.append((bias, \.references.bias))
      }
      addConvolutionGradient(
        window, from: [step.inputs[0], gradient], to: targets, layers: step.layers)
    } else if let bias = step.references.bias, isTrainable(bias) {
      throw LayerError("training changes its bias, but not its kernel, which is not supported")
    }
    guard isNeeded(step.inputs[0]) else { return }
    let ofInput = try convolveBack(step, window, gradient)
    add(context.append(ofInput), to: step.inputs[0])
  }

  /// Takes down the gradient of a convolution's weights, or of what is as one.
  ///
  /// - Parameter values: What the window slides over, and the gradient of what it gives.
  mutating func addConvolutionGradient(
    _ window: Runtime.Operation.Window, from values: [Lowering.Value],
    to targets: [GradientTarget], layers: [String]
  ) {
    let geometry = window.geometry
    var result = Lowering.Step(kind: .weightGradient, inputs: values, output: 0, layers: layers)
    result.window = window
    result.isAccumulated =
      geometry.outputHeight * geometry.outputWidth >= Self.fewestPixels
      && context.lowering.count(targets[0].value) <= Self.mostAccumulated
    if result.isAccumulated { takePooling(into: &result) }
    let perChunk = WeightGradient.unitCount(geometry, window.groups, chunks: 1)
    let chunks = result.isAccumulated ? Self.chunks : min(16, (16 + perChunk - 1) / perChunk)
    addWeightGradient(targets, chunks: chunks, result)
  }

  /// The chunks of a batch whose gradients are added up picture by picture: enough for the threads, few
  /// enough for the sums to stay in the cache.
  private static var chunks: Int { 8 }
  /// The weights up to which they are.
  private static var mostAccumulated: Int { 1 << 18 }
  /// The pixels from which on they are: with fewer, the sums would be read and written too often.
  private static var fewestPixels: Int { 16 }

  /// Lets the gradient of weights read that of a maximum pooling behind the convolution where nobody else asks
  /// for the gradient between them, which is four times as large and mostly zeros.
  private mutating func takePooling(into result: inout Lowering.Step) {
    guard let pooling = context.lowering.steps.last, pooling.kind == .maximumPoolingGradient,
      root(pooling.output) == root(result.inputs[1]), !isNeeded(result.inputs[0]),
      let window = result.window, pooling.poolsPairs(of: window.geometry),
      WeightGradient.takesPlaces(window.geometry, groups: window.groups)
    else { return }
    context.lowering.steps.removeLast()
    result.inputs[1] = pooling.inputs[0]
    result.places = pooling.inputs[1]
  }

  func isTrainable(_ value: Lowering.Value) -> Bool {
    context.lowering.variables?.variables.contains { $0.value == value && $0.isTrainable } ?? false
  }

  /// The convolution of the output's gradient, spread out by the strides, with the kernel turned by half.
  ///
  /// - Parameters:
  ///   - step: What has the kernel.
  ///   - window: That of the convolution that the gradient goes back through.
  /// - Returns: The last operation of it, which is still to be appended.
  private mutating func convolveBack(
    _ step: Lowering.Step, _ window: Runtime.Operation.Window, _ gradient: Lowering.Value
  ) throws -> Lowering.Step {
    let geometry = window.geometry
    var from = context.view(
      gradient, shape: [geometry.outputHeight, geometry.outputWidth, geometry.outputChannels])
    let strides = [geometry.strideY, geometry.strideX]
    var sizes = [geometry.outputHeight, geometry.outputWidth]
    if strides != [1, 1] {
      let places = zip(sizes, strides).map { size, stride in
        (0..<(size - 1) * stride + 1).map { $0 % stride == 0 ? $0 / stride : -1 }
      }
      from = try context.take(from, places + [Array(0..<geometry.outputChannels)])
      sizes = places.map(\.count)
    }
    let reach = (
      (geometry.windowHeight - 1) * geometry.dilationY,
      (geometry.windowWidth - 1) * geometry.dilationX
    )
    let shape = [geometry.inputHeight, geometry.inputWidth, geometry.inputChannels]
    var result = context.step(.convolution, [from], shape: shape)
    result.window = Runtime.Operation.Window(
      geometry: WindowGeometry(
        batch: 1, input: (sizes[0], sizes[1], geometry.outputChannels),
        output: (shape[0], shape[1], shape[2]),
        window: (geometry.windowHeight, geometry.windowWidth),
        dilation: (geometry.dilationY, geometry.dilationX),
        padding: (reach.0 - geometry.paddingTop, reach.1 - geometry.paddingLeft)),
      groups: window.groups)
    result.bias = [Float](
      repeating: 0,
      count: window.groups * Panel.count(shape[2] / window.groups) * Panel.width)
    let inputs = geometry.inputChannels / window.groups
    let outputs = geometry.outputChannels / window.groups
    if let kernel = step.variableKernel {
      let taps = geometry.windowHeight * geometry.windowWidth
      let turnedShape = [
        geometry.windowHeight, geometry.windowWidth, outputs, geometry.inputChannels,
      ]
      let turned = context.lowering.defineState(
        PackedKernel.panelCount(turnedShape, groups: window.groups))
      var turning = Lowering.Step(
        kind: .turning, inputs: [kernel.value], output: turned, layers: step.layers)
      turning.numbers = [taps, inputs, outputs, window.groups]
      prepare(turning)
      result.variableKernel = VariableKernel(value: turned, shape: turnedShape)
    } else if let kernel = step.kernel {
      result.kernel = Self.turned(kernel, groups: window.groups)
    }
    return result
  }

  /// Appends a transposed convolution whose kernel training changes: what a convolution's gradient does to
  /// its input.
  mutating func appendTransposed(_ step: Lowering.Step) throws {
    guard let window = step.window else { return }
    let first = context.lowering.steps.count
    var result = try convolveBack(step, window.exchanged, step.inputs[0])
    result.output = step.output
    result.bias = step.bias
    result.references.bias = step.references.bias
    context.lowering.steps.append(result)
    for position in first..<context.lowering.steps.count {
      context.lowering.steps[position].layers = step.layers
    }
  }

  /// A transposed convolution's gradients. It is a convolution's gradient itself, so that its input's is that
  /// convolution, and its weights' that of the convolution's weights, of what takes each other's place.
  mutating func differentiateTransposed(_ step: Lowering.Step, _ gradient: Lowering.Value) {
    guard let window = step.window?.exchanged else { return }
    let geometry = window.geometry
    if let kernel = step.variableKernel, isTrainable(kernel.value) {
      // Of what is in the gradient's place whole vectors are read, beyond its channels, too: behind the
      // caller's memory may be nothing.
      let input = step.inputs[0]
      let values = [
        gradient, context.lowering.isBound(input) ? context.lowering.copied(input) : input,
      ]
      addConvolutionGradient(
        window, from: values, to: [(kernel.value, \.target)], layers: step.layers)
    }
    if let bias = step.references.bias, isTrainable(bias) {
      let pixels = geometry.inputHeight * geometry.inputWidth
      addSum(
        context.view(gradient, shape: [pixels, geometry.inputChannels, 1]), to: bias,
        layers: step.layers)
    }
    guard isNeeded(step.inputs[0]) else { return }
    var result = context.step(
      .convolution, [gradient],
      shape: [geometry.outputHeight, geometry.outputWidth, geometry.outputChannels])
    result.window = window
    result.bias = [Float](
      repeating: 0, count: Panel.count(geometry.outputChannels) * Panel.width)
    result.kernel = step.kernel
    result.variableKernel = step.variableKernel
    add(context.append(result), to: step.inputs[0])
  }

  /// A constant kernel HWIO with the last tap first, and the channels in each other's place.
  private static func turned(_ kernel: Tensor, groups: Int) -> Tensor {
    let (inputs, outputs) = (kernel.shape[2], kernel.shape[3] / groups)
    let split = Tensor(
      shape: [kernel.shape[0], kernel.shape[1], inputs, groups, outputs], values: kernel.values)
    var result = split.reversed(axes: 0..<2).transposed([0, 1, 4, 3, 2])
    result.shape = [kernel.shape[0], kernel.shape[1], outputs, groups * inputs]
    return result
  }

  mutating func differentiateDepthwise(_ step: Lowering.Step, _ gradient: Lowering.Value) {
    guard let window = step.window else { return }
    if let kernel = step.references.weights, isTrainable(kernel) {
      var result = Lowering.Step(
        kind: .depthwiseWeightGradient, inputs: [step.inputs[0], gradient], output: 0,
        layers: step.layers)
      result.window = window
      var targets: [GradientTarget] = [(kernel, \.target)]
      if let bias = step.references.bias, isTrainable(bias) {
        targets.append((bias, \.references.bias))
      }
      addWeightGradient(targets, chunks: 1, result)
    }
    guard isNeeded(step.inputs[0]) else { return }
    var result = context.step(
      .depthwiseInputGradient, [gradient], shape: context.shape(step.inputs[0]))
    result.window = window
    result.weights = step.weights
    result.references.weights = step.references.weights
    add(context.append(result), to: step.inputs[0])
  }

  /// A scale and shift of each channel: by constants, or by the moments of the batch.
  mutating func differentiateScale(_ step: Lowering.Step, _ gradient: Lowering.Value) {
    let input = step.inputs[0]
    let channels = step.numbers[0]
    guard let scale = step.references.scale else {
      var result = context.step(.scaleAndShift, [gradient], shape: context.shape(input))
      result.numbers = step.numbers
      result.scale = step.scale
      result.shift = step.shift.map { [Float](repeating: 0, count: $0.count) }
      add(context.append(result), to: input)
      return
    }
    guard let moments = context.lowering.values[scale].part?.whole,
      let source = context.lowering.steps.first(where: {
        $0.kind == .batchMoments && $0.output == moments
      })
    else { return }
    let padded = Panel.count(channels) * Panel.width
    let output = context.lowering.defineState(5 * padded)
    var sums = Lowering.Step(kind: .batchGradient, inputs: [gradient, input], output: output)
    sums.numbers = [channels]
    sums.activation = source.activation
    sums.references.weights = moments
    sums.references.bias = source.references.weights
    sums.layers = step.layers
    _ = context.append(sums)
    func part(_ index: Int) -> Lowering.Value {
      context.lowering.statePart(output, offset: index * padded, count: padded)
    }
    for (index, variable) in [source.references.weights, source.references.bias].enumerated() {
      if let variable, isTrainable(variable) { setWeightGradient(variable, part(index)) }
    }
    guard isNeeded(input) else { return }
    let zeros = context.lowering.defineState(padded)
    let ofGradient = context.scaleAndShift(
      gradient, channels: channels, scale: part(2), shift: part(4))
    let ofInput = context.scaleAndShift(input, channels: channels, scale: part(3), shift: zeros)
    add(context.add(ofGradient, context.view(ofInput, shape: context.shape(ofGradient))), to: input)
  }
}

extension Runtime.Operation.Window {
  /// The window with input and output in each other's place: of a transposed convolution the convolution whose
  /// gradient it is.
  fileprivate var exchanged: Self {
    Self(
      geometry: WindowGeometry(
        batch: geometry.batch,
        input: (geometry.outputHeight, geometry.outputWidth, geometry.outputChannels),
        output: (geometry.inputHeight, geometry.inputWidth, geometry.inputChannels),
        window: (geometry.windowHeight, geometry.windowWidth),
        stride: (geometry.strideY, geometry.strideX),
        dilation: (geometry.dilationY, geometry.dilationX),
        padding: (geometry.paddingTop, geometry.paddingLeft)),
      groups: groups)
  }
}
