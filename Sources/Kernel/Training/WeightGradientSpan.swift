/// What a unit is added up over: the windows of some lines, or those of them whose tap is inside.
@usableFromInline
struct GradientSpan {
  @usableFromInline let run: GradientRun
  @usableFromInline let source: UnsafePointer<Float>
  @usableFromInline let outputGradient: UnsafePointer<Float>

  @inlinable @inline(always)
  init(
    _ run: GradientRun, source: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>
  ) {
    self.run = run
    self.source = source
    self.outputGradient = outputGradient
  }

  /// - Parameter input: The picture; with zeros around it where rows are listed.
  @inlinable @inline(always)
  init(
    _ arguments: WeightGradientArguments, _ place: UnitPlace, _ lines: WorkRange, picture: Int,
    input: UnsafePointer<Float>, listsRows: Bool
  ) {
    let geometry = arguments.geometry
    let channels = geometry.inputChannels
    let source = input + place.group * channels / arguments.groups
    let gradient =
      arguments.outputGradient + (picture * geometry.outputCount + place.firstOutput)
    let gradientLine = geometry.outputWidth * geometry.outputChannels
    if listsRows {
      let width = geometry.needsZeros ? geometry.reachedWidth : geometry.inputWidth
      run = GradientRun(
        lines: lines.count, length: geometry.outputWidth, sourceStep: geometry.strideX * channels,
        sourceLineStep: geometry.strideY * width * channels,
        gradientStep: geometry.outputChannels, gradientLineStep: gradientLine)
      self.source = source + lines.lower * run.sourceLineStep
      outputGradient = gradient + lines.lower * gradientLine
      return
    }
    let y = geometry.outputsInside(
      tap: place.tapY * geometry.dilationY - geometry.paddingTop, stride: geometry.strideY,
      input: geometry.inputHeight, output: geometry.outputHeight)
    let x = geometry.outputsInside(
      tap: place.tapX * geometry.dilationX - geometry.paddingLeft, stride: geometry.strideX,
      input: geometry.inputWidth, output: geometry.outputWidth)
    let lower = y.lower > lines.lower ? y.lower : lines.lower
    let upper = y.upper < lines.upper ? y.upper : lines.upper
    let isInside = lower < upper && x.count > 0
    run = GradientRun(
      lines: isInside ? upper - lower : 0, length: x.count, sourceStep: geometry.strideX * channels,
      sourceLineStep: geometry.strideY * geometry.inputWidth * channels,
      gradientStep: geometry.outputChannels, gradientLineStep: gradientLine)
    let row = lower * geometry.strideY + place.tapY * geometry.dilationY - geometry.paddingTop
    let column = x.lower * geometry.strideX + place.tapX * geometry.dilationX - geometry.paddingLeft
    self.source = source + ((row * geometry.inputWidth + column) * channels + place.firstRow)
    outputGradient = gradient + (lower * gradientLine + x.lower * geometry.outputChannels)
  }
}

extension GradientSpan: GradientTerms {
  @inlinable @inline(always)
  static func maximumVectors<V: Vector>(_: V.Type, rows: Int) -> Int {
    TileSize.maximumVectors(V.self)
  }

  @inlinable @inline(always)
  func add<V: Vector, Rows: WindowRows, let count: Int, let vectors: Int>(
    to sum: inout InlineArray<count, InlineArray<vectors, V>>, _ rows: Rows, channel: Int
  ) {
    var lineSource = source
    var lineGradient = outputGradient + channel
    var linesLeft = run.lines
    while linesLeft > 0 {
      var source = lineSource
      var gradient = lineGradient
      var left = run.length
      while left > 0 {
        // A pixel's channels lie one behind the other, as if they were so many panels.
        addOuterProduct(to: &sum, gradient, panelStride: Panel.width) { rows.value($0, source) }
        source += run.sourceStep
        gradient += run.gradientStep
        left -= 1
      }
      lineSource += run.sourceLineStep
      lineGradient += run.gradientLineStep
      linesLeft -= 1
    }
  }
}

/// Writes down where each row of the weights' matrix is in a window, in floats.
@inlinable @inline(always)
func listRows(
  _ geometry: WindowGeometry, inputs: Int, _ scratch: UnsafeMutablePointer<Float>
) {
  let channels = geometry.inputChannels
  let width = geometry.needsZeros ? geometry.reachedWidth : geometry.inputWidth
  let offsets = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Int.self)
  var row = 0
  var y = 0
  while y < geometry.windowHeight {
    var x = 0
    while x < geometry.windowWidth {
      var channel = 0
      while channel < inputs {
        offsets[row] =
          (y * geometry.dilationY * width + x * geometry.dilationX) * channels + channel
        row += 1
        channel += 1
      }
      x += 1
    }
    y += 1
  }
}

/// A picture with the zeros around it that windows reach into; itself where there are none.
@inlinable @inline(always)
func surrounded(
  _ arguments: WeightGradientArguments, _ input: UnsafePointer<Float>
) -> UnsafePointer<Float> {
  let geometry = arguments.geometry
  guard geometry.needsZeros else { return input }
  let channels = geometry.inputChannels
  let target =
    arguments.scratch + WeightGradient.surroundedOffset(geometry, groups: arguments.groups)
  let (height, width) = (geometry.reachedHeight, geometry.reachedWidth)
  target.update(repeating: 0, count: height * width * channels)
  let room = width - geometry.paddingLeft
  let columns = geometry.inputWidth < room ? geometry.inputWidth : room
  var y = 0
  while y < geometry.inputHeight && y + geometry.paddingTop < height {
    (target + ((y + geometry.paddingTop) * width + geometry.paddingLeft) * channels)
      .update(from: input + y * geometry.inputWidth * channels, count: columns * channels)
    y += 1
  }
  return UnsafePointer(target)
}

extension WindowGeometry {
  /// The rows and columns from the first window's first tap to the last window's last.
  @inlinable @inline(always)
  var reachedHeight: Int { (outputHeight - 1) * strideY + (windowHeight - 1) * dilationY + 1 }
  @inlinable @inline(always)
  var reachedWidth: Int { (outputWidth - 1) * strideX + (windowWidth - 1) * dilationX + 1 }

  /// Whether windows reach beyond the picture.
  @inlinable @inline(always)
  var needsZeros: Bool {
    paddingTop > 0 || paddingLeft > 0 || reachedHeight > inputHeight || reachedWidth > inputWidth
  }

  /// The outputs whose tap at a distance from the window's place is inside of the picture, in one direction.
  @inlinable @inline(always)
  func outputsInside(tap: Int, stride: Int, input: Int, output: Int) -> WorkRange {
    let lower = tap >= 0 ? 0 : (stride - 1 - tap) / stride
    let last = input - 1 - tap
    var upper = last < 0 ? 0 : last / stride + 1
    if upper > output { upper = output }
    return WorkRange(lower < upper ? lower : upper, upper)
  }
}
