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

/// Convolves each input channel by itself: runs of neighbouring pixels by a vector of channels.
///
/// The sum of an output goes over window rows, then window columns, however it is computed.
@inlinable @inline(always)
public func convolveDepthwise<V: Vector>(_: V.Type, _ arguments: DepthwiseArguments) {
  let geometry = arguments.geometry
  assert(geometry.outputChannels % geometry.inputChannels == 0)
  assert(arguments.activation.isFused)
  if geometry.outputChannels != geometry.inputChannels || geometry.inputChannels < V.count {
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
      let pixels = isInside ? DepthwiseRun.pixels(interior.upper - x) : 1
      let run = DepthwiseRun(
        rows: rows, columns: columns, pixels: pixels,
        source: source + columns.position * geometry.inputChannels,
        target: target + x * geometry.outputChannels)
      switch (rows.count, columns.count) {
      // One path for all where code is to be small.
      case _ where V.registers == 8: convolve(V.self, arguments, run)
      case (3, 3): convolve(InlineArray<3, InlineArray<3, V>>.self, arguments, run)
      case (2, 3): convolve(InlineArray<2, InlineArray<3, V>>.self, arguments, run)
      case (3, 2): convolve(InlineArray<3, InlineArray<2, V>>.self, arguments, run)
      case (2, 2): convolve(InlineArray<2, InlineArray<2, V>>.self, arguments, run)
      default: convolve(V.self, arguments, run)
      }
      x += pixels
    }
    line += 1
  }
}

/// Some neighbouring pixels of a depthwise convolution's output and what their windows cover.
@usableFromInline
struct DepthwiseRun {
  @usableFromInline let rows: WindowSpan
  @usableFromInline let columns: WindowSpan
  @usableFromInline let pixels: Int
  /// The first pixel's first input inside of the picture.
  @usableFromInline let source: UnsafePointer<Float>
  @usableFromInline let target: UnsafeMutablePointer<Float>

  @inlinable @inline(always)
  init(
    rows: WindowSpan, columns: WindowSpan, pixels: Int, source: UnsafePointer<Float>,
    target: UnsafeMutablePointer<Float>
  ) {
    self.rows = rows
    self.columns = columns
    self.pixels = pixels
    self.source = source
    self.target = target
  }

  /// How many of so many pixels the next run has: few enough for a window's rows to stay in the first
  /// cache, and no short rest.
  @inlinable @inline(always)
  static func pixels(_ left: Int) -> Int {
    if left <= 16 { return left }
    return left < 32 ? (left + 1) / 2 : 16
  }
}

/// What depthwise convolutions do to the sums of a vector of channels.
@usableFromInline
struct DepthwiseFinish<V: Vector> {
  @usableFromInline let scale: V
  @usableFromInline let shift: V
  @usableFromInline let lowest: V
  @usableFromInline let highest: V

  @inlinable @inline(always)
  init(_ arguments: DepthwiseArguments, channel: Int) {
    // Times one and less zero is nothing, not even for a negative zero.
    scale = arguments.scale.map { V.load($0 + channel) } ?? V(repeating: 1)
    shift = arguments.shift.map { V.load($0 + channel) } ?? V(repeating: -0.0)
    let function = arguments.activation.function
    lowest = V(repeating: function == .linear ? -.infinity : 0)
    highest = V(repeating: function == .reluBounded ? arguments.activation.alpha : .infinity)
  }

  @inlinable @inline(always)
  func finished(_ sum: V) -> V {
    shift.fusedAddingProduct(sum, scale).clampedBelow(by: lowest).clampedAbove(by: highest)
  }
}

/// Computes all channels of a run whose windows cover `rows` by `columns` pixels: the weights of a vector
/// of channels are in registers.
@inlinable @inline(always)
func convolve<V: Vector, let rows: Int, let columns: Int>(
  _: InlineArray<rows, InlineArray<columns, V>>.Type, _ arguments: DepthwiseArguments,
  _ run: DepthwiseRun
) {
  let geometry = arguments.geometry
  let channels = geometry.inputChannels
  let paddedChannels = Panel.count(channels) * Panel.width
  let rowStride = geometry.dilationY * geometry.inputWidth * channels
  let columnStride = geometry.dilationX * channels
  let pixelStride = geometry.strideX * channels
  let firstTap = run.rows.first * geometry.windowWidth + run.columns.first
  var next = 0
  while next < channels {
    // The last vector may repeat some channels of the one before.
    let channel = next + V.count <= channels ? next : channels - V.count
    let finish = DepthwiseFinish<V>(arguments, channel: channel)
    let bias = V.load(arguments.bias + channel)
    let weights = arguments.weights + (firstTap * paddedChannels + channel)
    var w = InlineArray<rows, InlineArray<columns, V>>(
      repeating: InlineArray(repeating: V.zeros))
    var row = 0
    while row < rows {
      var column = 0
      while column < columns {
        w[unchecked: row][unchecked: column] = V.load(
          weights + (row * geometry.windowWidth + column) * paddedChannels)
        column += 1
      }
      row += 1
    }
    var source = run.source + channel
    var target = run.target + channel
    var pixel = 0
    while pixel < run.pixels {
      var sum = bias
      row = 0
      while row < rows {
        var column = 0
        while column < columns {
          sum = sum.fusedAddingProduct(
            V.load(source + (row * rowStride + column * columnStride)),
            w[unchecked: row][unchecked: column])
          column += 1
        }
        row += 1
      }
      finish.finished(sum).store(target)
      source += pixelStride
      target += channels
      pixel += 1
    }
    next += V.count
  }
}

/// Computes all channels of a run whose windows cover any number of pixels.
@inlinable @inline(always)
func convolve<V: Vector>(_: V.Type, _ arguments: DepthwiseArguments, _ run: DepthwiseRun) {
  let geometry = arguments.geometry
  let channels = geometry.inputChannels
  let paddedChannels = Panel.count(channels) * Panel.width
  let rowStride = geometry.dilationY * geometry.inputWidth * channels
  let columnStride = geometry.dilationX * channels
  let firstTap = run.rows.first * geometry.windowWidth + run.columns.first
  var next = 0
  while next < channels {
    let channel = next + V.count <= channels ? next : channels - V.count
    let finish = DepthwiseFinish<V>(arguments, channel: channel)
    let bias = V.load(arguments.bias + channel)
    var pixel = 0
    while pixel < run.pixels {
      let first = run.source + (pixel * geometry.strideX * channels + channel)
      var sum = bias
      var row = 0
      while row < run.rows.count {
        var source = first + row * rowStride
        var weights =
          arguments.weights + ((firstTap + row * geometry.windowWidth) * paddedChannels + channel)
        var column = 0
        while column < run.columns.count {
          sum = sum.fusedAddingProduct(V.load(source), V.load(weights))
          source += columnStride
          weights += paddedChannels
          column += 1
        }
        row += 1
      }
      finish.finished(sum).store(run.target + (pixel * channels + channel))
      pixel += 1
    }
    next += V.count
  }
}

/// The same where each input channel has several outputs, or where there are fewer than a vector's.
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
///
/// - Parameter spacing: Where the outputs lie if not one behind the other.
@inlinable @inline(always)
func forEachWindow(
  _ geometry: WindowGeometry, _ lines: WorkRange, spacing: OutputSpacing? = nil,
  _ body: (Int, Int, WindowSpan, WindowSpan) -> Void
) {
  let spacing =
    spacing
    ?? OutputSpacing(
      height: geometry.outputHeight, width: geometry.outputWidth,
      channels: geometry.outputChannels)
  var line = lines.lower
  while line < lines.upper {
    let image = line / geometry.outputHeight
    let y = line - image * geometry.outputHeight
    let rows = geometry.rows(ofOutput: y)
    var x = 0
    while x < geometry.outputWidth {
      let columns = geometry.columns(ofOutput: x)
      let pixel = rows.position * geometry.inputWidth + columns.position
      body(
        image * geometry.inputCount + pixel * geometry.inputChannels,
        image * spacing.image + y * spacing.row + x * spacing.pixel, rows, columns)
      x += 1
    }
    line += 1
  }
}
