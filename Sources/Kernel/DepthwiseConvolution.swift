/// What a depthwise convolution reads, writes and does.
public struct DepthwiseArguments {
  /// NHWC, as `geometry` says.
  public var input: UnsafePointer<Float>
  /// NHWC; output channel c comes of input channel c / multiplier.
  public var output: UnsafeMutablePointer<Float>
  /// `[window row][window column][output channels, filled up with zeros to a multiple of 16]`.
  public var weights: UnsafePointer<Float>
  /// As many floats as there are output channels, filled up to a multiple of 16.
  public var bias: UnsafePointer<Float>
  /// What each output channel is multiplied by after the bias was added; as many floats as `bias`.
  public var scale: UnsafePointer<Float>?
  /// What is added after `scale`; present where `scale` is.
  public var shift: UnsafePointer<Float>?
  /// Applied last; one that `isFused`.
  public var activation: Activation
  public var geometry: WindowGeometry

  @inlinable
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    scale: UnsafePointer<Float>? = nil, shift: UnsafePointer<Float>? = nil,
    activation: Activation = .linear, geometry: WindowGeometry
  ) {
    self.input = input
    self.output = output
    self.weights = weights
    self.bias = bias
    self.scale = scale
    self.shift = shift
    self.activation = activation
    self.geometry = geometry
  }
}

/// Convolves each input channel by itself, a vector of channels at a time.
@inlinable @inline(always)
public func convolveDepthwise<V: Vector>(_: V.Type, _ arguments: DepthwiseArguments) {
  let geometry = arguments.geometry
  let multiplier = geometry.outputChannels / geometry.inputChannels
  assert(geometry.outputChannels == multiplier * geometry.inputChannels)
  assert(arguments.activation.isFused)
  let lowest = V(repeating: arguments.activation.function == .linear ? -.infinity : 0)
  let highest = V(
    repeating: arguments.activation.function == .reluBounded
      ? arguments.activation.alpha : .infinity)
  let paddedChannels = Panel.count(geometry.outputChannels) * Panel.width

  forEachWindow(geometry) { pixelOffset, outputOffset, rows, columns in
    var channel = 0
    while channel < geometry.outputChannels {
      let left = geometry.outputChannels - channel
      let lanes = left < V.count ? left : V.count
      var sum = V.load(arguments.bias + channel)
      var row = 0
      while row < rows.count {
        var column = 0
        while column < columns.count {
          let tap = (rows.first + row) * geometry.windowWidth + columns.first + column
          let pixel = row * geometry.dilationY * geometry.inputWidth + column * geometry.dilationX
          let source = arguments.input + pixelOffset + pixel * geometry.inputChannels
          let x: V = loadReplicated(source, channel: channel, lanes: lanes, multiplier: multiplier)
          sum = sum.fusedAddingProduct(
            x, V.load(arguments.weights + tap * paddedChannels + channel))
          column += 1
        }
        row += 1
      }
      if let scale = arguments.scale, let shift = arguments.shift {
        sum = V.load(shift + channel).fusedAddingProduct(sum, V.load(scale + channel))
      }
      sum.clampedBelow(by: lowest).clampedAbove(by: highest)
        .store(arguments.output + outputOffset + channel, lanes: lanes)
      channel += V.count
    }
  }
}

/// The inputs of the output channels from `channel` on, each input channel repeated `multiplier` times.
@inlinable @inline(always)
func loadReplicated<V: Vector>(
  _ source: UnsafePointer<Float>, channel: Int, lanes: Int, multiplier: Int
) -> V {
  if multiplier == 1 { return V.load(source + channel, lanes: lanes) }
  var result = V.zeros
  var lane = 0
  while lane < lanes {
    result[lane] = source[(channel + lane) / multiplier]
    lane += 1
  }
  return result
}

/// Calls `body` for each output pixel with the offset of its window's first pixel inside of the
/// picture, the offset of the output pixel, and the taps inside.
@inlinable @inline(always)
func forEachWindow(
  _ geometry: WindowGeometry, _ body: (Int, Int, WindowSpan, WindowSpan) -> Void
) {
  var image = 0
  while image < geometry.batch {
    var y = 0
    while y < geometry.outputHeight {
      let rows = geometry.rows(ofOutput: y)
      var x = 0
      while x < geometry.outputWidth {
        let columns = geometry.columns(ofOutput: x)
        let pixel = rows.position * geometry.inputWidth + columns.position
        let target = y * geometry.outputWidth + x
        body(
          image * geometry.inputCount + pixel * geometry.inputChannels,
          image * geometry.outputCount + target * geometry.outputChannels, rows, columns)
        x += 1
      }
      y += 1
    }
    image += 1
  }
}
