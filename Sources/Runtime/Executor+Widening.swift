import Kernel

extension Executor {
  /// A thread's scratch memory behind the first floats, for weights to be widened into.
  func wideningSpace(_ thread: Int, behind count: Int) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(
      start: scratch(thread) + count, count: program.header.scratchSize / 4 - count)
  }

  /// Computes a convolution whose weights may be narrow, as `arguments.weights` are not yet known to be.
  func run(
    _ arguments: inout ConvolutionArguments, _ type: WeightType,
    _ space: @autoclosure () -> UnsafeMutableBufferPointer<Float>
  ) {
    if type == .float32 {
      kernels.convolve(arguments)
    } else {
      convolveNarrow(&arguments, type, space())
    }
  }

  /// Computes a convolution of narrow weights, some of which are floats in `space` at a time.
  @inline(never)
  private func convolveNarrow(
    _ arguments: inout ConvolutionArguments, _ type: WeightType,
    _ space: UnsafeMutableBufferPointer<Float>
  ) {
    guard let floats = space.baseAddress else { return }
    let widening = Widening(arguments.geometry, groups: arguments.groups)
    assert(space.count >= widening.fewest(isPooled: arguments.isPooled))
    let weights = UnsafeRawPointer(arguments.weights)
    arguments.weights = UnsafePointer(floats)
    let (unit, panels) = (widening.panels, arguments.panels)
    let units = WorkRange(panels.lower / unit, panels.upper / unit)
    let atOnce = max(space.count / widening.perUnit, 1)
    let steps = (units.count + atOnce - 1) / atOnce
    let room = space.count / widening.perInput
    let blocks = (widening.inputs + room - 1) / room
    for step in 0..<steps {
      let part = units.part(arguments.isBackward ? steps - 1 - step : step, of: steps)
      arguments.panels = WorkRange(part.lower * unit, part.upper * unit)
      arguments.firstPanel = arguments.panels.lower
      for block in 0..<blocks {
        arguments.inputs = WorkRange(0, widening.inputs).part(block, of: blocks)
        widen(weights, type, arguments.panels, arguments.inputs, widening, to: floats)
        kernels.convolve(arguments)
      }
    }
  }

  /// Widens the weights of some panels and input channels.
  private func widen(
    _ weights: UnsafeRawPointer, _ type: WeightType, _ panels: WorkRange, _ inputs: WorkRange,
    _ widening: Widening, to floats: UnsafeMutablePointer<Float>
  ) {
    // Of all input channels, panel lies behind panel.
    let isWhole = inputs.count == widening.inputs
    let parts = isWhole ? 1 : panels.count * widening.taps
    let count = inputs.count * Panel.width * (isWhole ? panels.count * widening.taps : 1)
    let stride = widening.inputs * Panel.width
    var place = panels.lower * widening.taps * stride + inputs.lower * Panel.width
    for part in 0..<parts {
      kernels.widen(weights + place * type.size, type, floats + part * count, count)
      place += stride
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
