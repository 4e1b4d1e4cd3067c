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
  /// The places that `poolMaximumTracking` gave, where such a pooling follows; 15 floats behind them are read. Only
  /// where `WeightGradient.takesPlaces`.
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

  /// Whether the gradient may be that of a maximum pooling behind the convolution: where the rows that are taken at
  /// once are of several taps.
  @inlinable @inline(always)
  public static func takesPlaces(_ geometry: WindowGeometry, groups: Int) -> Bool {
    Units(geometry, groups).listsRows
  }

  /// What the gradient's inner loops go over.
  public enum Loop: Sendable {
    /// The channels of one tap.
    case neighboringRows
    /// Rows of several taps.
    case listedRows
    /// Such rows, and the results of a maximum pooling in place of the convolution's outputs.
    case pooledRows
  }

  @inlinable @inline(always)
  static func loop(_ arguments: WeightGradientArguments) -> Loop {
    guard Units(arguments.geometry, arguments.groups).listsRows else { return .neighboringRows }
    return arguments.places == nil ? .listedRows : .pooledRows
  }

  /// The floats of scratch memory that each thread needs.
  @inlinable @inline(always)
  public static func scratchCount(_ geometry: WindowGeometry, groups: Int) -> Int {
    let units = Units(geometry, groups)
    if units.isFlat { return FlatGradient.scratchCount }
    guard units.listsRows else { return 0 }
    let surrounded =
      geometry.needsZeros
      ? geometry.reachedHeight * geometry.reachedWidth * geometry.inputChannels : 0
    return surroundedOffset(geometry, groups: groups) + surrounded
  }

  /// Where a picture with zeros around it begins in the scratch memory: behind the list of rows.
  @inlinable @inline(always)
  static func surroundedOffset(_ geometry: WindowGeometry, groups: Int) -> Int {
    let rows = geometry.windowHeight * geometry.windowWidth * geometry.inputChannels / groups
    return Panel.count(2 * rows) * Panel.width
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
    init(_ geometry: WindowGeometry, _ groups: Int) {
      isFlat = geometry.pointwisePixels != nil
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
/// - Parameter loop: A constant at each call, so that each has the loops of one kind only. With several in one, the
///   compiler keeps sums in memory.
@inlinable @inline(always)
public func computeWeightGradient<V: Vector>(
  _: V.Type, _ arguments: WeightGradientArguments, _ loop: WeightGradient.Loop
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
    if loop == .neighboringRows && units.isFlat {
      computeFlatChunk(V.self, arguments, units, chunk: chunk, own, pictures)
    } else {
      computeChunk(V.self, arguments, units, chunk: chunk, own, pictures, loop)
    }
    unit = end
  }
}

/// Some units of one chunk: picture after picture, so that each stays in the cache for all units.
@inlinable @inline(always)
func computeChunk<V: Vector>(
  _: V.Type, _ arguments: WeightGradientArguments, _ units: WeightGradient.Units, chunk: Int,
  _ own: WorkRange, _ pictures: WorkRange, _ loop: WeightGradient.Loop
) {
  let geometry = arguments.geometry
  let inputs = geometry.inputChannels / arguments.groups
  let listsRows = loop != .neighboringRows
  let sums = ChunkSums(arguments, chunk: chunk)
  if !arguments.adds {
    sums.clearWeights(arguments, units, own)
    sums.clearBiases(arguments, units, own)
  }
  let blocks = PixelBlocks(geometry, isPooled: loop == .pooledRows)
  if listsRows { listRows(geometry, inputs: inputs, arguments.scratch) }
  var place = UnitPlace(units, own.lower, arguments)
  var placed = own.lower
  let steps = own.count * blocks.count
  var picture = pictures.lower
  while picture < pictures.upper {
    let input = arguments.input + picture * geometry.inputCount
    var ahead = PictureAhead(
      input + geometry.inputCount, count: geometry.inputCount, steps: steps)
    let source = listsRows ? surrounded(arguments, input) : input
    var line = 0
    while line < blocks.lines {
      let end = line + blocks.linesAtOnce
      let lines = WorkRange(line, end < blocks.lines ? end : blocks.lines)
      var unit = own.lower
      while unit < own.upper {
        // One unit's place is not worked out again for each block.
        if unit != placed {
          place = UnitPlace(units, unit, arguments)
          placed = unit
        }
        switch loop {
        case .neighboringRows:
          ahead.ask()
          let span = GradientSpan(
            arguments, place, lines, picture: picture, input: source, listsRows: false)
          accumulate(V.self, span, NeighboringRows(), place, to: sums)
        case .listedRows:
          let span = GradientSpan(
            arguments, place, lines, picture: picture, input: source, listsRows: true)
          accumulate(
            V.self, span, ListedRows(arguments.scratch, first: place.firstRow), place, to: sums)
        case .pooledRows:
          guard let places = arguments.places else { return }
          let span = PooledGradientSpan(
            arguments, place, lines, picture: picture, input: source, places: places)
          accumulate(
            V.self, span, ListedRows(arguments.scratch, first: place.firstRow), place, to: sums)
        }
        // Behind the weights: what comes from far away comes while there is something to compute.
        if place.isFirst, let bias = sums.bias(place) {
          addBiases(V.self, arguments, place, picture: picture, lines, to: bias)
        }
        unit += 1
      }
      line = lines.upper
    }
    picture += 1
  }
  sums.clearBehindChannels(arguments, units, own)
}

/// Adds what a unit is added up over to the sums of its weights.
@inlinable @inline(always)
func accumulate<V: Vector, Terms: GradientTerms, Rows: WindowRows>(
  _: V.Type, _ terms: Terms, _ rows: Rows, _ place: UnitPlace, to sums: ChunkSums
) {
  accumulate(
    V.self, terms, rows, outputs: place.outputs, rows: place.rowCount,
    panelStride: place.panelStride, sums.weights + place.gradientOffset, adds: true)
}

/// Adds the gradients of some lines of a picture to those of a unit's biases.
@inlinable @inline(always)
func addBiases<V: Vector>(
  _: V.Type, _ arguments: WeightGradientArguments, _ place: UnitPlace, picture: Int,
  _ lines: WorkRange, to bias: UnsafeMutablePointer<Float>
) {
  let geometry = arguments.geometry
  let channels = geometry.outputChannels
  guard let places = arguments.places else {
    let line = picture * geometry.outputHeight + lines.lower
    sumChannels(
      V.self, outputs: place.outputs, pixels: lines.count * geometry.outputWidth, channels,
      arguments.outputGradient + (line * geometry.outputWidth * channels + place.firstOutput), bias)
    return
  }
  let (height, width) = (geometry.outputHeight / 2, geometry.outputWidth / 2)
  let offset = (picture * height + lines.lower / 2) * width * channels + place.firstOutput
  sumPooledChannels(
    V.self, outputs: place.outputs, pixels: lines.count / 2 * width, channels,
    arguments.outputGradient + offset, places + offset, bias)
}
