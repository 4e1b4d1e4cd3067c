/// The output channels that one pass over a line computes: up to four vectors of them.
@usableFromInline
struct ConvolutionSlice {
  @usableFromInline let weights: UnsafePointer<Float>
  @usableFromInline let panelStride: Int
  @usableFromInline let bias: UnsafePointer<Float>
  @usableFromInline let scale: UnsafePointer<Float>?
  @usableFromInline let shift: UnsafePointer<Float>?
  @usableFromInline let firstInput: Int
  @usableFromInline let inputs: Int
  @usableFromInline let firstOutput: Int
  /// The output channels from the first on that there are in the group.
  @usableFromInline let outputs: Int
  @usableFromInline let vectors: Int

  @inlinable @inline(always)
  init(
    weights: UnsafePointer<Float>, panelStride: Int, bias: UnsafePointer<Float>,
    scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?, firstInput: Int, inputs: Int,
    firstOutput: Int, outputs: Int, vectors: Int
  ) {
    self.weights = weights
    self.panelStride = panelStride
    self.bias = bias
    self.scale = scale
    self.shift = shift
    self.firstInput = firstInput
    self.inputs = inputs
    self.firstOutput = firstOutput
    self.outputs = outputs
    self.vectors = vectors
  }
}

/// How the panels that a call computes are divided into slices.
///
/// In units of panels, or of parts of one where a panel has more vectors than a tile; as equal as can
/// be, so that 80 channels become 48 and 32, and not 64 and 16.
@usableFromInline
struct ConvolutionSlicing {
  /// The slices of all groups.
  @usableFromInline let count: Int
  @usableFromInline let slicesPerGroup: Int
  @usableFromInline let firstGroup: Int
  /// The units of a group that are computed.
  @usableFromInline let units: WorkRange
  @usableFromInline let channelsPerUnit: Int
  @usableFromInline let lanes: Int

  @inlinable @inline(always)
  init<V: Vector>(_: V.Type, _ arguments: ConvolutionArguments) {
    let geometry = arguments.geometry
    let outputs = geometry.outputChannels / arguments.groups
    let panels = Panel.count(outputs)
    let perPanel = Panel.width / V.count
    let most =
      geometry.outputWidth == 1
      ? TileSize.maximumVectorsOfOnePixel(V.self) : TileSize.maximumVectors(V.self)
    let unit = perPanel < most ? perPanel : most
    lanes = V.count
    channelsPerUnit = unit * V.count
    let first = arguments.groups == 1 ? arguments.panels.lower : 0
    let last = arguments.groups == 1 ? arguments.panels.upper : panels
    let all = (outputs + channelsPerUnit - 1) / channelsPerUnit
    let (lower, upper) = (first * perPanel / unit, last * perPanel / unit)
    // The last panel may be filled up with units that no output needs.
    units = WorkRange(lower < all ? lower : all, upper < all ? upper : all)
    firstGroup = arguments.groups == 1 ? 0 : arguments.panels.lower / panels
    let groups = arguments.groups == 1 ? 1 : arguments.panels.count / panels
    let unitsPerSlice = most / unit
    slicesPerGroup = (units.count + unitsPerSlice - 1) / unitsPerSlice
    count = groups * slicesPerGroup
  }

  /// Which slice is computed in a turn.
  @inlinable @inline(always)
  func position(_ turn: Int, _ arguments: ConvolutionArguments) -> Int {
    arguments.isBackward ? count - 1 - turn : turn
  }

  @inlinable @inline(always)
  func slice(_ index: Int, _ arguments: ConvolutionArguments) -> ConvolutionSlice {
    let geometry = arguments.geometry
    let outputs = geometry.outputChannels / arguments.groups
    let inputs = arguments.inputs.count
    let panelStride = geometry.windowHeight * geometry.windowWidth * inputs * Panel.width
    let group = firstGroup + index / slicesPerGroup
    let part = units.part(index % slicesPerGroup, of: slicesPerGroup)
    let channel = part.lower * channelsPerUnit
    var end = part.upper * channelsPerUnit
    if end > outputs { end = outputs }
    let panel = group * Panel.count(outputs) + channel / Panel.width
    let within = channel % Panel.width
    let padded = panel * Panel.width + within
    return ConvolutionSlice(
      weights: arguments.weights + ((panel - arguments.firstPanel) * panelStride + within),
      panelStride: panelStride,
      bias: arguments.bias + padded, scale: arguments.scale.map { $0 + padded },
      shift: arguments.shift.map { $0 + padded },
      firstInput: group * (geometry.inputChannels / arguments.groups) + arguments.inputs.lower,
      inputs: inputs,
      firstOutput: group * outputs + channel, outputs: outputs - channel,
      vectors: (end - channel + lanes - 1) / lanes)
  }
}

/// A row or column of pixels split into tiles as equal in height as can be: the first `tallTiles` have one pixel
/// more than `height`.
@usableFromInline
struct TileSplit {
  @usableFromInline let lower: Int
  @usableFromInline let upper: Int
  @usableFromInline let tiles: Int
  @usableFromInline let height: Int
  @usableFromInline let tallTiles: Int

  /// Splits the pixels whose whole window is inside of the picture into tiles of up to `limit` pixels.
  @inlinable @inline(always)
  init(lower: Int, upper: Int, limit: Int) {
    self.lower = lower
    self.upper = upper
    let width = upper > lower ? upper - lower : 0
    tiles = (width + limit - 1) / limit
    height = tiles == 0 ? 0 : width / tiles
    tallTiles = tiles == 0 ? 0 : width % tiles
  }

  /// The next run of equal tiles from pixel `x` on: inside of the picture the tall ones, then
  /// the others; at its edges a pixel by itself, by the taps that it has.
  @inlinable @inline(always)
  func step(from x: Int) -> (tiles: Int, height: Int) {
    if x < lower || x >= upper { return (1, 1) }
    if x == lower && tallTiles > 0 { return (tallTiles, height + 1) }
    return (tiles - tallTiles, height)
  }
}
