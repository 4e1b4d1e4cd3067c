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
/// which are taps and input channels. Where pixels follow each other, those that differ only in their panels are
/// neighbours; elsewhere those of the same panels.
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
    let lines = PixelBlocks(geometry, isPooled: isPooled).linesAtOnce
    let spread =
      isPooled ? Panel.width + lines * geometry.outputWidth * geometry.outputChannels : 0
    if geometry.pointwisePixels != nil && !isPooled { return FlatGradient.scratchCount }
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
    /// Whether all pixels follow each other: those of dense layers and 1×1 convolutions.
    @usableFromInline let isFlat: Bool

    @inlinable @inline(always)
    init(_ geometry: WindowGeometry, _ groups: Int, isPooled: Bool = false) {
      isFlat = geometry.pointwisePixels != nil && !isPooled
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
  let units = WeightGradient.Units(
    geometry, arguments.groups, isPooled: arguments.places != nil)
  let all = WorkRange(0, geometry.batch)
  var unit = arguments.units.lower
  while unit < arguments.units.upper {
    let chunk = unit / units.perChunk
    var end = (chunk + 1) * units.perChunk
    if end > arguments.units.upper { end = arguments.units.upper }
    let own = WorkRange(unit - chunk * units.perChunk, end - chunk * units.perChunk)
    let pictures = all.part(chunk, of: arguments.chunks)
    if !listsRows && units.isFlat {
      computeFlatChunk(V.self, arguments, units, chunk: chunk, own, pictures)
    } else {
      computeChunk(V.self, arguments, units, chunk: chunk, own, pictures, listsRows: listsRows)
    }
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
  if !arguments.adds {
    sums.clearWeights(arguments, units, own)
    sums.clearBiases(arguments, units, own)
  }
  let blocks = PixelBlocks(geometry, isPooled: arguments.places != nil)
  if listsRows { listRows(geometry, inputs: inputs, arguments.scratch) }
  var place = UnitPlace(units, own.lower, arguments)
  var placed = own.lower
  let steps = own.count * blocks.count
  var picture = 0
  while picture < pictures.count {
    let input = arguments.input + (pictures.lower + picture) * geometry.inputCount
    var ahead = PictureAhead(
      input + geometry.inputCount, count: geometry.inputCount, steps: steps)
    let source = listsRows ? surrounded(arguments, input) : input
    var line = 0
    while line < blocks.lines {
      let end = line + blocks.linesAtOnce
      let lines = WorkRange(line, end < blocks.lines ? end : blocks.lines)
      let gradient = GradientLines(
        V.self, arguments, picture: pictures.lower + picture, lines)
      var unit = own.lower
      while unit < own.upper {
        // One unit's place is not worked out again for each block.
        if unit != placed {
          place = UnitPlace(units, unit, arguments)
          placed = unit
        }
        if !listsRows { ahead.ask() }
        if place.isFirst, let bias = sums.bias(place) {
          addBiases(
            V.self, arguments, place, picture: pictures.lower + picture, lines, gradient, to: bias)
        }
        let span = GradientSpan(
          arguments, place, lines, input: source, gradient.output, listsRows: listsRows)
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
  sums.clearBehindChannels(arguments, units, own)
}

/// Adds the gradients of some lines of a picture to those of a unit's biases.
@inlinable @inline(always)
func addBiases<V: Vector>(
  _: V.Type, _ arguments: WeightGradientArguments, _ place: UnitPlace, picture: Int,
  _ lines: WorkRange, _ gradient: GradientLines, to bias: UnsafeMutablePointer<Float>
) {
  let geometry = arguments.geometry
  guard let places = arguments.places else {
    sumChannels(
      V.self, outputs: place.outputs, pixels: lines.count * geometry.outputWidth,
      geometry.outputChannels, gradient.first + place.firstOutput, bias)
    return
  }
  let (height, width) = (geometry.outputHeight / 2, geometry.outputWidth / 2)
  let offset =
    (picture * height + lines.lower / 2) * width * geometry.outputChannels + place.firstOutput
  sumPooledChannels(
    V.self, outputs: place.outputs, pixels: lines.count / 2 * width, geometry.outputChannels,
    arguments.outputGradient + offset, places + offset, bias)
}
