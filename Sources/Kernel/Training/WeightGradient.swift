/// What the gradient of a convolution's weights reads and writes.
///
/// For each weight, that is each tap, input and output channel, the sum over all windows of the value that
/// the tap sees times the gradient of the window's output. A dense layer is a 1×1 convolution.
public struct WeightGradientArguments {
  /// NHWC, as `geometry` says.
  public var input: UnsafePointer<Float>
  /// The gradient of the convolution's outputs, NHWC; 15 floats behind it are read, and not used. Where there
  /// are `places`, of the largest of every two by two outputs.
  public var outputGradient: UnsafePointer<Float>
  /// The places that `poolMaximumTracking` gave, where such a pooling follows.
  public var places: UnsafePointer<Float>?
  /// For each chunk of pictures the gradient of the weights in `Panel`'s layout; zeros beyond the channels.
  public var gradient: UnsafeMutablePointer<Float>
  /// For each chunk of pictures the gradient of the bias, each group filled up to whole panels.
  public var biasGradient: UnsafeMutablePointer<Float>?
  public var geometry: WindowGeometry
  public var groups: Int
  /// The parts of the batch that have sums of their own, so that several threads can work on few weights.
  public var chunks: Int
  /// Whether the gradients are added to those that are there.
  public var adds = false
  /// `WeightGradient.scratchCount` floats.
  public var scratch: UnsafeMutablePointer<Float>
  /// The units to compute, of `WeightGradient.unitCount`.
  public var units: WorkRange

  @inlinable
  public init(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    geometry: WindowGeometry, groups: Int = 1, chunks: Int = 1,
    scratch: UnsafeMutablePointer<Float>, units: WorkRange? = nil
  ) {
    self.input = input
    self.outputGradient = outputGradient
    self.gradient = gradient
    self.biasGradient = biasGradient
    self.geometry = geometry
    self.groups = groups
    self.chunks = chunks
    self.scratch = scratch
    self.units = units ?? WorkRange(0, WeightGradient.unitCount(geometry, groups, chunks: chunks))
  }
}

/// How the work on a convolution's weight gradient is divided.
///
/// A unit is one chunk of pictures, some panels of output channels, and some rows of the weights' matrix,
/// which are taps and input channels.
public enum WeightGradient {
  /// The panels of a unit.
  @inlinable @inline(always)
  static var panelsAtOnce: Int { 4 }
  /// The rows of a unit, at most.
  @inlinable @inline(always)
  static var rowsAtOnce: Int { 96 }
  @inlinable @inline(always)
  public static func unitCount(_ geometry: WindowGeometry, _ groups: Int, chunks: Int) -> Int {
    chunks * Units(geometry, groups).perChunk
  }

  /// Whether the rows that are taken at once are of several taps.
  @inlinable @inline(always)
  public static func listsRows(_ geometry: WindowGeometry, groups: Int) -> Bool {
    Units(geometry, groups).listsRows
  }

  /// The floats of scratch memory that each thread needs.
  @inlinable @inline(always)
  public static func scratchCount(
    _ geometry: WindowGeometry, groups: Int, isPooled: Bool = false
  ) -> Int {
    let spread = isPooled ? Panel.width + 2 * geometry.outputWidth * geometry.outputChannels : 0
    return surroundedOffset(geometry, groups: groups)
      + surroundedCount(geometry, groups: groups) + spread
  }

  /// Where a picture with zeros around it begins in the scratch memory: behind the list of rows.
  @inlinable @inline(always)
  static func surroundedOffset(_ geometry: WindowGeometry, groups: Int) -> Int {
    guard Units(geometry, groups).listsRows else { return 0 }
    let rows = geometry.windowHeight * geometry.windowWidth * geometry.inputChannels / groups
    return Panel.count(2 * rows) * Panel.width
  }

  @inlinable @inline(always)
  static func surroundedCount(_ geometry: WindowGeometry, groups: Int) -> Int {
    guard Units(geometry, groups).listsRows, geometry.needsZeros else { return 0 }
    return geometry.reachedHeight * geometry.reachedWidth * geometry.inputChannels
  }

  /// How many units there are of each kind.
  @usableFromInline
  struct Units {
    /// The rows of the weights' matrix that a unit may go over: all of them, or the channels of one tap.
    @usableFromInline let rowsPerRun: Int
    @usableFromInline let runs: Int
    @usableFromInline let blocksPerRun: Int
    @usableFromInline let slicesPerGroup: Int
    @usableFromInline let groups: Int
    /// Whether a unit's rows are of several taps.
    @usableFromInline let listsRows: Bool

    @inlinable @inline(always)
    init(_ geometry: WindowGeometry, _ groups: Int) {
      let inputs = geometry.inputChannels / groups
      let taps = geometry.windowHeight * geometry.windowWidth
      // With few channels a tile of one tap's would be too small.
      listsRows = taps > 1 && inputs < 8
      rowsPerRun = listsRows ? taps * inputs : inputs
      runs = listsRows ? 1 : taps
      blocksPerRun = (rowsPerRun + rowsAtOnce - 1) / rowsAtOnce
      let panels = Panel.count(geometry.outputChannels / groups)
      slicesPerGroup = (panels + panelsAtOnce - 1) / panelsAtOnce
      self.groups = groups
    }

    @inlinable @inline(always)
    var perChunk: Int { groups * slicesPerGroup * runs * blocksPerRun }
  }
}

/// The gradient of a convolution's weights and bias, all or some of it.
///
/// The pictures of a chunk are added up in their order, so that the result depends on the number of chunks
/// and not on who computes which unit.
///
/// - Parameter listsRows: `WeightGradient.listsRows`: a constant at each call, so that each has the loops of one
///   kind only. With both in one, the compiler keeps sums in memory.
@inlinable @inline(always)
public func computeWeightGradient<V: Vector>(
  _: V.Type, _ arguments: WeightGradientArguments, listsRows: Bool
) {
  let geometry = arguments.geometry
  let units = WeightGradient.Units(geometry, arguments.groups)
  let all = WorkRange(0, geometry.batch)
  var unit = arguments.units.lower
  while unit < arguments.units.upper {
    let chunk = unit / units.perChunk
    var end = (chunk + 1) * units.perChunk
    if end > arguments.units.upper { end = arguments.units.upper }
    let own = WorkRange(unit - chunk * units.perChunk, end - chunk * units.perChunk)
    let pictures = all.part(chunk, of: arguments.chunks)
    computeChunk(V.self, arguments, units, chunk: chunk, own, pictures, listsRows: listsRows)
    unit = end
  }
}

/// Some units of one chunk: picture after picture, so that each stays in the cache for all units.
@inlinable @inline(always)
func computeChunk<V: Vector>(
  _: V.Type, _ arguments: WeightGradientArguments, _ units: WeightGradient.Units, chunk: Int,
  _ own: WorkRange, _ pictures: WorkRange, listsRows: Bool
) {
  let geometry = arguments.geometry
  let inputs = geometry.inputChannels / arguments.groups
  let sums = ChunkSums(arguments, chunk: chunk)
  if !arguments.adds { sums.clear(arguments, units, own) }
  let blocks = PixelBlocks(geometry, pictures: pictures.count, isPooled: arguments.places != nil)
  if listsRows { listRows(geometry, inputs: inputs, arguments.scratch) }
  var place = UnitPlace(units, own.lower, arguments)
  var placed = own.lower
  var picture = 0
  while picture < blocks.pictures {
    let input = arguments.input + (pictures.lower + picture) * geometry.inputCount
    let source = listsRows ? surrounded(arguments, input) : input
    var line = 0
    while line < blocks.lines {
      let end = line + blocks.linesAtOnce
      let lines = WorkRange(line, end < blocks.lines ? end : blocks.lines)
      let gradient = GradientLines(
        V.self, arguments, blocks, picture: pictures.lower + picture, lines)
      var unit = own.lower
      while unit < own.upper {
        // One unit's place is not worked out again for each block.
        if unit != placed {
          place = UnitPlace(units, unit, arguments)
          placed = unit
        }
        if place.isFirst, let bias = sums.bias(place) {
          sumChannels(
            V.self, outputs: place.outputs, pixels: lines.count * blocks.pixelsPerLine,
            geometry.outputChannels, gradient.first + place.firstOutput, bias)
        }
        let span = GradientSpan(
          arguments, blocks, place, lines, input: source, gradient.output, listsRows: listsRows)
        let target = sums.weights + place.gradientOffset
        if listsRows {
          let offsets = UnsafeRawPointer(arguments.scratch).assumingMemoryBound(to: Int.self)
          accumulate(
            V.self, span, ListedRows(offsets + place.firstRow), outputs: place.outputs,
            rows: place.rowCount, panelStride: place.panelStride, target, adds: true)
        } else {
          accumulate(
            V.self, span, NeighboringRows(), outputs: place.outputs, rows: place.rowCount,
            panelStride: place.panelStride, target, adds: true)
        }
        unit += 1
      }
      line = lines.upper
    }
    picture += 1
  }
  sums.clearBehindChannels(V.self, arguments, units, own)
}

/// Where the sums of a chunk are.
@usableFromInline
struct ChunkSums {
  @usableFromInline let weights: UnsafeMutablePointer<Float>
  @usableFromInline let biases: UnsafeMutablePointer<Float>?
  /// The biases of a group, filled up to whole panels.
  @usableFromInline let biasesPerGroup: Int

  @inlinable @inline(always)
  init(_ arguments: WeightGradientArguments, chunk: Int) {
    let geometry = arguments.geometry
    let rows =
      geometry.windowHeight * geometry.windowWidth * geometry.inputChannels / arguments.groups
    let panels = Panel.count(geometry.outputChannels / arguments.groups)
    biasesPerGroup = panels * Panel.width
    let count = arguments.groups * biasesPerGroup
    weights = arguments.gradient + chunk * rows * count
    biases = arguments.biasGradient.map { $0 + chunk * count }
  }

  /// Where the biases of a unit's channels are.
  @inlinable @inline(always)
  func bias(_ place: UnitPlace) -> UnsafeMutablePointer<Float>? {
    biases.map { $0 + (place.group * biasesPerGroup + place.padded) }
  }

  /// Sets the sums of some units to zero.
  @inlinable @inline(always)
  func clear(
    _ arguments: WeightGradientArguments, _ units: WeightGradient.Units, _ own: WorkRange
  ) {
    var unit = own.lower
    while unit < own.upper {
      let place = UnitPlace(units, unit, arguments)
      place.clear(weights)
      if place.isFirst {
        bias(place)?.update(repeating: 0, count: Panel.count(place.outputs) * Panel.width)
      }
      unit += 1
    }
  }

  /// Sets what some units' last vectors hold behind the channels to zero.
  @inlinable @inline(always)
  func clearBehindChannels<V: Vector>(
    _: V.Type, _ arguments: WeightGradientArguments, _ units: WeightGradient.Units,
    _ own: WorkRange
  ) {
    var unit = own.lower
    while unit < own.upper {
      let place = UnitPlace(units, unit, arguments)
      let filled = place.outputs % V.count
      if filled > 0 {
        let channel = place.outputs - filled
        var target =
          weights
          + (place.gradientOffset + channel / Panel.width * place.panelStride
            + channel % Panel.width + filled)
        var row = 0
        while row < place.rowCount {
          target.update(repeating: 0, count: V.count - filled)
          target += Panel.width
          row += 1
        }
      }
      unit += 1
    }
  }
}

/// The gradient of some lines of a picture's outputs.
@usableFromInline
struct GradientLines {
  /// Where the picture's first line is, or would be.
  @usableFromInline let output: UnsafePointer<Float>
  /// Where the first of the lines is.
  @usableFromInline let first: UnsafePointer<Float>

  @inlinable @inline(always)
  init<V: Vector>(
    _: V.Type, _ arguments: WeightGradientArguments, _ blocks: PixelBlocks, picture: Int,
    _ lines: WorkRange
  ) {
    let geometry = arguments.geometry
    let perLine = blocks.pixelsPerLine * geometry.outputChannels
    guard let places = arguments.places else {
      output = arguments.outputGradient + picture * geometry.outputCount
      first = output + lines.lower * perLine
      return
    }
    let columns = geometry.outputWidth / 2
    let line = picture * (geometry.outputHeight / 2) + lines.lower / 2
    let offset = line * columns * geometry.outputChannels
    let spread =
      arguments.scratch
      + (WeightGradient.surroundedOffset(geometry, groups: arguments.groups)
        + WeightGradient.surroundedCount(geometry, groups: arguments.groups))
    spreadPair(
      V.self, arguments.outputGradient + offset, places + offset, to: spread, columns: columns,
      width: geometry.outputWidth, channels: geometry.outputChannels)
    output = UnsafePointer(spread) - lines.lower * perLine
    first = UnsafePointer(spread)
  }
}

/// The pixels that all units are added up over before the next: as many as stay in the first cache.
@usableFromInline
struct PixelBlocks {
  /// Whether all pixels follow each other: those of dense layers and 1×1 convolutions, whose pictures are
  /// the lines of one.
  @usableFromInline let isFlat: Bool
  @usableFromInline let pictures: Int
  @usableFromInline let lines: Int
  @usableFromInline let pixelsPerLine: Int
  @usableFromInline let linesAtOnce: Int

  @inlinable @inline(always)
  init(_ geometry: WindowGeometry, pictures count: Int, isPooled: Bool) {
    isFlat = geometry.pointwisePixels != nil
    pictures = isFlat ? 1 : count
    pixelsPerLine = isFlat ? 1 : geometry.outputWidth
    if isPooled {
      // What is behind the last whole pair of lines has no gradient.
      lines = geometry.outputHeight / 2 * 2
      linesAtOnce = 2
      return
    }
    lines = isFlat ? count * geometry.outputHeight * geometry.outputWidth : geometry.outputHeight
    let most = WeightGradient.panelsAtOnce * Panel.width
    let channels = geometry.outputChannels < most ? geometry.outputChannels : most
    // Of dense layers, whose inputs are far from each other, what the first cache holds.
    let fitting = (isFlat ? 1 << 13 : 1 << 17) / (pixelsPerLine * channels)
    linesAtOnce = fitting > 1 ? fitting : 1
  }
}

/// Where a unit lies in the weights' matrix.
@usableFromInline
struct UnitPlace {
  @usableFromInline let group: Int
  /// The first output channel, of all.
  @usableFromInline let firstOutput: Int
  /// The output channels of the unit.
  @usableFromInline let outputs: Int
  @usableFromInline let tapY: Int
  @usableFromInline let tapX: Int
  /// The first row within a run.
  @usableFromInline let firstRow: Int
  @usableFromInline let rowCount: Int
  /// Where the unit's first panel begins in the gradient, at its first row.
  @usableFromInline let gradientOffset: Int
  @usableFromInline let panelStride: Int
  /// The first output channel of the group's.
  @usableFromInline let padded: Int
  /// Whether the unit is the first with its output channels.
  @usableFromInline let isFirst: Bool

  @inlinable @inline(always)
  init(_ units: WeightGradient.Units, _ unit: Int, _ arguments: WeightGradientArguments) {
    let geometry = arguments.geometry
    let perSlice = units.runs * units.blocksPerRun
    let slice = unit / perSlice
    let run = unit % perSlice / units.blocksPerRun
    let block = unit % units.blocksPerRun
    group = slice / units.slicesPerGroup
    let outputsPerGroup = geometry.outputChannels / arguments.groups
    let panels = Panel.count(outputsPerGroup)
    let own = WorkRange(0, panels).part(
      slice % units.slicesPerGroup, of: units.slicesPerGroup)
    let channel = own.lower * Panel.width
    let left = outputsPerGroup - channel
    outputs = left < own.count * Panel.width ? left : own.count * Panel.width
    firstOutput = group * outputsPerGroup + channel
    padded = channel
    tapY = units.listsRows ? 0 : run / geometry.windowWidth
    tapX = units.listsRows ? 0 : run % geometry.windowWidth
    let rows = WorkRange(0, units.rowsPerRun).part(block, of: units.blocksPerRun)
    firstRow = rows.lower
    rowCount = rows.count
    let allRows = units.runs * units.rowsPerRun
    panelStride = allRows * Panel.width
    gradientOffset =
      (group * panels + own.lower) * panelStride
      + (run * units.rowsPerRun + rows.lower) * Panel.width
    isFirst = unit % perSlice == 0
  }

  /// Sets the unit's part of a gradient to zero.
  @inlinable @inline(always)
  func clear(_ gradient: UnsafeMutablePointer<Float>) {
    var panel = 0
    while panel < Panel.count(outputs) {
      (gradient + (gradientOffset + panel * panelStride))
        .update(repeating: 0, count: rowCount * Panel.width)
      panel += 1
    }
  }
}

/// Adds the gradients of some pixels to those of a unit's output channels, four vectors at a time.
@inlinable @inline(always)
func sumChannels<V: Vector>(
  _: V.Type, outputs: Int, pixels: Int, _ channels: Int,
  _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  var channel = 0
  while channel < outputs {
    let left = outputs - channel
    if left >= 4 * V.count {
      sumVectors(
        InlineArray<4, V>.self, pixels, channels, source + channel, target + channel,
        lastLanes: V.count)
      channel += 4 * V.count
    } else {
      sumVectors(
        InlineArray<1, V>.self, pixels, channels, source + channel, target + channel,
        lastLanes: left < V.count ? left : V.count)
      channel += V.count
    }
  }
}

@inlinable @inline(always)
func sumVectors<V: Vector, let vectors: Int>(
  _: InlineArray<vectors, V>.Type, _ pixels: Int, _ channels: Int,
  _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, lastLanes: Int
) {
  // Two sums each, which do not wait for each other.
  var even = InlineArray<vectors, V>(repeating: V.zeros)
  var odd = even
  var at = source
  var left = pixels
  while left >= 2 {
    var c = 0
    while c < vectors {
      even[unchecked: c] = even[unchecked: c] + V.load(at + c * V.count)
      odd[unchecked: c] = odd[unchecked: c] + V.load(at + (channels + c * V.count))
      c += 1
    }
    at += 2 * channels
    left -= 2
  }
  var c = 0
  while c < vectors {
    var sum = even[unchecked: c] + odd[unchecked: c]
    if left > 0 { sum = sum + V.load(at + c * V.count) }
    let to = target + c * V.count
    (V.load(to) + sum).store(to, lanes: c == vectors - 1 ? lastLanes : V.count)
    c += 1
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
  ///   - input: The picture, or all pictures where blocks are flat; with zeros around it where rows are listed.
  ///   - output: The gradient of the picture's first line.
  @inlinable @inline(always)
  init(
    _ arguments: WeightGradientArguments, _ blocks: PixelBlocks, _ place: UnitPlace,
    _ lines: WorkRange, input: UnsafePointer<Float>, _ output: UnsafePointer<Float>,
    listsRows: Bool
  ) {
    let geometry = arguments.geometry
    let channels = geometry.inputChannels
    let source = input + place.group * channels / arguments.groups
    let gradient = output + place.firstOutput
    if blocks.isFlat {
      run = GradientRun(
        lines: 1, length: lines.count, sourceStep: channels, sourceLineStep: 0,
        gradientStep: geometry.outputChannels, gradientLineStep: 0)
      self.source = source + (lines.lower * channels + place.firstRow)
      outputGradient = gradient + lines.lower * geometry.outputChannels
      return
    }
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
