import Kernel

extension Executor {
  /// A thread's scratch memory behind the first floats, for weights to be widened into.
  func wideningSpace(_ thread: Int, behind count: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(
      start: scratch(thread) + count, count: program.header.scratchSize / 4 - count)
  }

  /// Computes a convolution whose weights may be narrow, as `arguments.weights` are not yet known to be.
  ///
  /// - Parameter bytes: Nil where the input is floats.
  func run(
    _ arguments: inout ConvolutionArguments, _ type: ElementType,
    _ space: @autoclosure () -> UnsafeMutableBufferPointer<Float>, bytes: ByteInput? = nil
  ) {
    if type == .float32 {
      kernels.convolve(&arguments)
    } else {
      convolveNarrow(&arguments, type, space(), bytes)
    }
  }

  /// Computes a convolution of narrow weights, some of which are floats in `space` at a time, and behind them as
  /// many channels of an input that is bytes.
  @inline(never)
  private func convolveNarrow(
    _ arguments: inout ConvolutionArguments, _ type: ElementType,
    _ space: UnsafeMutableBufferPointer<Float>, _ bytes: ByteInput?
  ) {
    guard let floats = space.baseAddress else { return }
    let widening = Widening(
      arguments.geometry, groups: arguments.groups, pixels: bytes?.pixels ?? 0)
    assert(space.count >= widening.fewest(isPooled: arguments.isPooled))
    let weights = UnsafeRawPointer(arguments.weights)
    arguments.weights = UnsafePointer(floats)
    let (unit, panels) = (widening.panels, arguments.panels)
    let units = WorkRange(panels.lower / unit, panels.upper / unit)
    let (blocks, atOnce) = widening.division(space.count)
    let steps = (units.count + atOnce - 1) / atOnce
    for block in 0..<blocks {
      let inputs = WorkRange(0, widening.inputs).part(block, of: blocks)
      arguments.inputs = inputs
      arguments.beginsSums = block == 0
      arguments.endsSums = block == blocks - 1
      if let bytes {
        let pixels = arguments.geometry.inputHeight * arguments.geometry.inputWidth
        let input = floats + (space.count - pixels * inputs.count)
        widen(
          bytes.address + inputs.lower, bytes.type, rows: pixels, of: inputs.count,
          every: widening.inputs, to: input)
        arguments.input = UnsafePointer(input)
        arguments.geometry.inputChannels = inputs.count
        arguments.inputs = WorkRange(0, inputs.count)
      }
      for step in 0..<steps {
        let part = units.part(arguments.isBackward ? steps - 1 - step : step, of: steps)
        arguments.panels = WorkRange(part.lower * unit, part.upper * unit)
        arguments.firstPanel = arguments.panels.lower
        let stride = widening.inputs * Panel.width
        let first = arguments.firstPanel * widening.taps * stride + inputs.lower * Panel.width
        widen(
          weights + first * type.size, type, rows: arguments.panels.count * widening.taps,
          of: inputs.count * Panel.width, every: stride, to: floats)
        kernels.convolve(&arguments)
      }
    }
  }

  /// Widens some numbers of each of several rows, one behind the other.
  private func widen(
    _ source: UnsafeRawPointer, _ type: ElementType, rows: Int, of count: Int, every stride: Int,
    to floats: UnsafeMutablePointer<Float>
  ) {
    let isWhole = count == stride
    for row in 0..<(isWhole ? 1 : rows) {
      kernels.widen(
        source + row * stride * type.size, type, floats + row * count,
        isWhole ? rows * count : count)
    }
  }

  /// Computes a depthwise convolution whose weights may be narrow: there are few, so all are widened.
  func run(
    _ arguments: inout DepthwiseArguments, _ operation: Operation,
    _ space: @autoclosure () -> UnsafeMutableBufferPointer<Float>
  ) {
    if operation.weightType != .float32, let floats = space().baseAddress {
      kernels.widen(
        UnsafeRawPointer(arguments.weights), operation.weightType, floats,
        operation.depthwiseWeights)
      arguments.weights = UnsafePointer(floats)
    }
    kernels.convolveDepthwise(arguments)
  }
}

/// The input of an operation, which may be bytes.
struct ByteInput {
  var address: UnsafeRawPointer
  var type: ElementType
  /// The most pixels at a time, on which the division into parts depends, and so how sums are rounded.
  var pixels: Int

  /// The input where it is floats.
  var floats: UnsafePointer<Float> { address.assumingMemoryBound(to: Float.self) }
}
