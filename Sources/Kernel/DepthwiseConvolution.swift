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
  /// The output rows to compute, of all pictures' together.
  public var lines: WorkRange

  @inlinable
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    scale: UnsafePointer<Float>? = nil, shift: UnsafePointer<Float>? = nil,
    activation: Activation = .linear, geometry: WindowGeometry, lines: WorkRange? = nil
  ) {
    self.input = input
    self.output = output
    self.weights = weights
    self.bias = bias
    self.scale = scale
    self.shift = shift
    self.activation = activation
    self.geometry = geometry
    self.lines = lines ?? WorkRange(0, geometry.batch * geometry.outputHeight)
  }
}

/// Convolves each input channel by itself: tiles of neighbouring pixels by a vector of channels.
///
/// The sum of an output goes over window rows, then window columns, whatever the tile.
@inlinable @inline(always)
public func convolveDepthwise<V: Vector>(_: V.Type, _ arguments: DepthwiseArguments) {
  let geometry = arguments.geometry
  assert(geometry.outputChannels % geometry.inputChannels == 0)
  assert(arguments.activation.isFused)
  if geometry.outputChannels != geometry.inputChannels {
    convolveDepthwiseMultiplied(V.self, arguments)
    return
  }
  let interior = geometry.interiorColumns
  var line = arguments.lines.lower
  while line < arguments.lines.upper {
    let image = line / geometry.outputHeight
    let rows = geometry.rows(ofOutput: line - image * geometry.outputHeight)
    let source =
      arguments.input
      + (image * geometry.inputHeight + rows.position) * geometry.inputWidth
      * geometry.inputChannels
    let target = arguments.output + line * geometry.outputWidth * geometry.outputChannels
    var x = 0
    while x < geometry.outputWidth {
      let columns = geometry.columns(ofOutput: x)
      let isInside = x >= interior.lower && x < interior.upper
      let pixels = isInside ? DepthwiseTile.pixels(interior.upper - x) : 1
      let tile = DepthwiseTile(
        rows: rows, columns: columns, source: source + columns.position * geometry.inputChannels,
        target: target + x * geometry.outputChannels)
      switch pixels {
      case 1: convolve(InlineArray<1, V>.self, arguments, tile)
      case 2: convolve(InlineArray<2, V>.self, arguments, tile)
      case 3: convolve(InlineArray<3, V>.self, arguments, tile)
      case 4: convolve(InlineArray<4, V>.self, arguments, tile)
      case 5: convolve(InlineArray<5, V>.self, arguments, tile)
      case 6: convolve(InlineArray<6, V>.self, arguments, tile)
      default: convolve(InlineArray<7, V>.self, arguments, tile)
      }
      x += pixels
    }
    line += 1
  }
}

/// The pixels of a tile of a depthwise convolution and what their windows cover.
@usableFromInline
struct DepthwiseTile {
  @usableFromInline let rows: WindowSpan
  @usableFromInline let columns: WindowSpan
  /// The first pixel's first input inside of the picture.
  @usableFromInline let source: UnsafePointer<Float>
  @usableFromInline let target: UnsafeMutablePointer<Float>

  @inlinable @inline(always)
  init(
    rows: WindowSpan, columns: WindowSpan, source: UnsafePointer<Float>,
    target: UnsafeMutablePointer<Float>
  ) {
    self.rows = rows
    self.columns = columns
    self.source = source
    self.target = target
  }

  /// How many of so many pixels the next tile has: at most 7, as pictures of 7, 14, 28 and 56 divide.
  @inlinable @inline(always)
  static func pixels(_ left: Int) -> Int {
    if left <= 7 { return left }
    // Two shorter tiles rather than a whole one and a rest of one pixel.
    return left < 14 ? (left + 1) / 2 : 7
  }
}

/// Computes all channels of a tile.
@inlinable @inline(always)
func convolve<V: Vector, let pixels: Int>(
  _: InlineArray<pixels, V>.Type, _ arguments: DepthwiseArguments, _ tile: DepthwiseTile
) {
  let geometry = arguments.geometry
  let channels = geometry.inputChannels
  let paddedChannels = Panel.count(channels) * Panel.width
  let rowStride = geometry.dilationY * geometry.inputWidth * channels
  let columnStride = geometry.dilationX * channels
  let pixelStride = geometry.strideX * channels
  let lowest = V(repeating: arguments.activation.function == .linear ? -.infinity : 0)
  let highest = V(
    repeating: arguments.activation.function == .reluBounded
      ? arguments.activation.alpha : .infinity)
  let firstTap = tile.rows.first * geometry.windowWidth + tile.columns.first

  var channel = 0
  while channel < channels {
    let left = channels - channel
    let isWhole = left >= V.count
    var sum = InlineArray<pixels, V>(repeating: V.load(arguments.bias + channel))
    var row = 0
    while row < tile.rows.count {
      var source = tile.source + (row * rowStride + channel)
      var weights =
        arguments.weights + ((firstTap + row * geometry.windowWidth) * paddedChannels + channel)
      var column = 0
      while column < tile.columns.count {
        let w = V.load(weights)
        var p = 0
        while p < pixels {
          let at = source + p * pixelStride
          let x = isWhole ? V.load(at) : V.load(at, lanes: left)
          sum[unchecked: p] = sum[unchecked: p].fusedAddingProduct(x, w)
          p += 1
        }
        source += columnStride
        weights += paddedChannels
        column += 1
      }
      row += 1
    }
    let scale = arguments.scale.map { V.load($0 + channel) }
    let shift = arguments.shift.map { V.load($0 + channel) }
    var p = 0
    while p < pixels {
      var value = sum[unchecked: p]
      if let scale, let shift { value = shift.fusedAddingProduct(value, scale) }
      value = value.clampedBelow(by: lowest).clampedAbove(by: highest)
      let at = tile.target + (p * channels + channel)
      if isWhole { value.store(at) } else { value.store(at, lanes: left) }
      p += 1
    }
    channel += V.count
  }
}

/// The same where each input channel has several outputs.
@inlinable @inline(always)
func convolveDepthwiseMultiplied<V: Vector>(_: V.Type, _ arguments: DepthwiseArguments) {
  let geometry = arguments.geometry
  let multiplier = geometry.outputChannels / geometry.inputChannels
  let lowest = V(repeating: arguments.activation.function == .linear ? -.infinity : 0)
  let highest = V(
    repeating: arguments.activation.function == .reluBounded
      ? arguments.activation.alpha : .infinity)
  let paddedChannels = Panel.count(geometry.outputChannels) * Panel.width

  forEachWindow(geometry, arguments.lines) { pixelOffset, outputOffset, rows, columns in
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
  _ geometry: WindowGeometry, _ lines: WorkRange,
  _ body: (Int, Int, WindowSpan, WindowSpan) -> Void
) {
  var line = lines.lower
  while line < lines.upper {
    let image = line / geometry.outputHeight
    let rows = geometry.rows(ofOutput: line - image * geometry.outputHeight)
    var x = 0
    while x < geometry.outputWidth {
      let columns = geometry.columns(ofOutput: x)
      let pixel = rows.position * geometry.inputWidth + columns.position
      body(
        image * geometry.inputCount + pixel * geometry.inputChannels,
        (line * geometry.outputWidth + x) * geometry.outputChannels, rows, columns)
      x += 1
    }
    line += 1
  }
}
