/// The gradient of some lines of a picture's outputs.
@usableFromInline
struct GradientLines {
  /// Where the picture's first line is, or would be.
  @usableFromInline let output: UnsafePointer<Float>
  /// Where the first of the lines is.
  @usableFromInline let first: UnsafePointer<Float>

  @inlinable @inline(always)
  init<V: Vector>(
    _: V.Type, _ arguments: WeightGradientArguments, picture: Int, _ lines: WorkRange
  ) {
    let geometry = arguments.geometry
    let perLine = geometry.outputWidth * geometry.outputChannels
    guard let places = arguments.places else {
      output = arguments.outputGradient + picture * geometry.outputCount
      first = output + lines.lower * perLine
      return
    }
    let columns = geometry.outputWidth / 2
    let spread =
      arguments.scratch
      + (WeightGradient.surroundedOffset(geometry, groups: arguments.groups)
        + WeightGradient.surroundedCount(geometry, groups: arguments.groups))
    var line = lines.lower
    while line < lines.upper {
      let pooled = picture * (geometry.outputHeight / 2) + line / 2
      let offset = pooled * columns * geometry.outputChannels
      spreadPair(
        V.self, arguments.outputGradient + offset, places + offset,
        to: spread + (line - lines.lower) * perLine, columns: columns,
        width: geometry.outputWidth, channels: geometry.outputChannels)
      line += 2
    }
    output = UnsafePointer(spread) - lines.lower * perLine
    first = UnsafePointer(spread)
  }
}

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

  /// - Parameters:
  ///   - input: The picture; with zeros around it where rows are listed.
  ///   - output: The gradient of the picture's first line.
  @inlinable @inline(always)
  init(
    _ arguments: WeightGradientArguments, _ place: UnitPlace, _ lines: WorkRange,
    input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
    listsRows: Bool
  ) {
    let geometry = arguments.geometry
    let channels = geometry.inputChannels
    let source = input + place.group * channels / arguments.groups
    let gradient = output + place.firstOutput
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
