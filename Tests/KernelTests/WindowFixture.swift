import Kernel

/// The unit roundoff of `Float`: the largest relative error of one operation.
let unitRoundoff = 0x1p-24

/// A random convolution or depthwise convolution, its data, and what it should give.
struct WindowFixture {
  var geometry: WindowGeometry
  var groups: Int
  var activation: Activation
  var input: [Float]
  /// (window row, window column, input of the group, output), as Keras stores it; a depthwise kernel
  /// is (window row, window column, output).
  var kernel: [Float]
  var bias: [Float]
  /// A scale and a shift for each output channel, or nothing.
  var scale: [Float]?
  var shift: [Float]?

  init(
    _ geometry: WindowGeometry, groups: Int = 1, isDepthwise: Bool = false, isScaled: Bool = false,
    activation: Activation = .linear, using random: inout SeededGenerator
  ) {
    self.geometry = geometry
    self.groups = groups
    self.activation = activation
    let taps = geometry.windowHeight * geometry.windowWidth
    let inputs = isDepthwise ? 1 : geometry.inputChannels / groups
    input = random.floats(geometry.batch * geometry.inputCount)
    kernel = random.floats(taps * inputs * geometry.outputChannels)
    bias = random.floats(geometry.outputChannels)
    scale = isScaled ? random.floats(geometry.outputChannels, in: -2...2) : nil
    shift = isScaled ? random.floats(geometry.outputChannels) : nil
  }

  /// Per-channel numbers as a convolution takes them: each group filled up to whole panels.
  func padded(_ values: [Float]) -> [Float] {
    let outputs = geometry.outputChannels / groups
    var result: [Float] = []
    for group in 0..<groups {
      result += values[group * outputs..<(group + 1) * outputs]
      result += Array(repeating: 0, count: Panel.count(outputs) * 16 - outputs)
    }
    return result
  }

  /// A convolution's kernel as `Panel` describes it.
  var packedKernel: [Float] {
    let inputs = geometry.inputChannels / groups
    let outputs = geometry.outputChannels / groups
    let rows = geometry.windowHeight * geometry.windowWidth * inputs
    let panels = Panel.count(outputs)
    var result = [Float](repeating: 0, count: groups * panels * rows * 16)
    for group in 0..<groups {
      for row in 0..<rows {
        for output in 0..<outputs {
          let target = ((group * panels + output / 16) * rows + row) * 16 + output % 16
          result[target] = kernel[row * geometry.outputChannels + group * outputs + output]
        }
      }
    }
    return result
  }

  /// A depthwise kernel: every tap filled up to whole panels.
  var packedDepthwiseKernel: [Float] {
    let outputs = geometry.outputChannels
    let padding = [Float](repeating: 0, count: Panel.count(outputs) * 16 - outputs)
    return (0..<geometry.windowHeight * geometry.windowWidth)
      .flatMap { tap in kernel[tap * outputs..<(tap + 1) * outputs] + padding }
  }

  /// The first of `values` that is further from the plain double-precision loop's than rounding
  /// explains; nil where there is none.
  func firstError(in values: [Float], isDepthwise: Bool = false) -> String? {
    for (index, value) in values.enumerated() {
      let (exact, tolerance) = expected(index, isDepthwise: isDepthwise)
      guard abs(Double(value) - exact) <= tolerance else {
        return "\(value) instead of \(exact) ± \(tolerance) at \(index) in \(geometry), "
          + "\(groups) groups, \(activation)"
      }
    }
    return nil
  }

  /// An output in double precision, and how far off single precision may be.
  ///
  /// Each of the K products and sums is off by at most one `unitRoundoff` of a partial sum, none of
  /// which is larger than the sum of the terms' magnitudes. Signs of the errors are as good as random,
  /// so that they add up as a random walk does, to a multiple of √K instead of K; seeds are fixed, so
  /// that no run is unlucky.
  func expected(_ index: Int, isDepthwise: Bool = false) -> (exact: Double, tolerance: Double) {
    let channel = index % geometry.outputChannels
    var sum = Double(bias[channel])
    var magnitudes = abs(sum)
    var terms = 0
    forEachTerm(ofOutput: index, isDepthwise: isDepthwise) { x, weight in
      sum += x * weight
      magnitudes += abs(x * weight)
      terms += 1
    }
    var tolerance = unitRoundoff * (2 * Double(terms).squareRoot() + 4) * magnitudes
    if let scale, let shift {
      let product = sum * Double(scale[channel])
      sum = product + Double(shift[channel])
      tolerance *= abs(Double(scale[channel]))
      tolerance += 2 * unitRoundoff * (abs(product) + abs(Double(shift[channel])))
    }
    // Clamping brings values no further apart.
    switch activation.function {
    case .relu: sum = max(sum, 0)
    case .reluBounded: sum = min(max(sum, 0), Double(activation.alpha))
    default: break
    }
    return (sum, tolerance)
  }

  private func forEachTerm(
    ofOutput index: Int, isDepthwise: Bool, _ body: (Double, Double) -> Void
  ) {
    let g = geometry
    let channel = index % g.outputChannels
    let column = index / g.outputChannels % g.outputWidth
    let row = index / (g.outputChannels * g.outputWidth) % g.outputHeight
    let image = index / g.outputCount
    let inputs = isDepthwise ? 1 : g.inputChannels / groups
    let firstInput =
      isDepthwise
      ? channel / (g.outputChannels / g.inputChannels)
      : channel / (g.outputChannels / groups) * inputs
    for tapRow in 0..<g.windowHeight {
      let y = row * g.strideY - g.paddingTop + tapRow * g.dilationY
      guard (0..<g.inputHeight).contains(y) else { continue }
      for tapColumn in 0..<g.windowWidth {
        let x = column * g.strideX - g.paddingLeft + tapColumn * g.dilationX
        guard (0..<g.inputWidth).contains(x) else { continue }
        let pixel = ((image * g.inputHeight + y) * g.inputWidth + x) * g.inputChannels + firstInput
        let tap = (tapRow * g.windowWidth + tapColumn) * inputs
        for k in 0..<inputs {
          body(Double(input[pixel + k]), Double(kernel[(tap + k) * g.outputChannels + channel]))
        }
      }
    }
  }
}

extension WindowGeometry {
  /// A random geometry whose output has at least one pixel.
  static func random(
    window: (height: Int, width: Int), channels: (input: Int, output: Int), largestInput: Int,
    using random: inout SeededGenerator
  ) -> WindowGeometry {
    func side(_ window: Int) -> (input: Int, output: Int, stride: Int, dilation: Int, before: Int) {
      let dilation = random.pick([1, 1, 2, 3])
      let stride = random.pick([1, 1, 2, 3])
      let reach = (window - 1) * dilation + 1
      // Half of the paddings are what Keras's "same" gives with stride 1.
      let isSame = Bool.random(using: &random)
      let before = isSame ? (reach - 1) / 2 : Int.random(in: 0...2, using: &random)
      let after = isSame ? reach / 2 : Int.random(in: 0...2, using: &random)
      let smallest = max(1, reach - before - after)
      let input = Int.random(in: smallest...max(smallest, largestInput), using: &random)
      return (input, (input + before + after - reach) / stride + 1, stride, dilation, before)
    }
    let y = side(window.height)
    let x = side(window.width)
    return WindowGeometry(
      batch: Int.random(in: 1...3, using: &random), input: (y.input, x.input, channels.input),
      output: (y.output, x.output, channels.output), window: window, stride: (y.stride, x.stride),
      dilation: (y.dilation, x.dilation), padding: (y.before, x.before))
  }
}
