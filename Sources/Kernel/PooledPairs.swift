/// The lines of a pooled convolution whose outputs are the largest of four sums of one tile: no sum goes through
/// the scratch memory.
///
/// Those whose windows lose no rows to the padding. Inside of them neighbours see as many taps each, and share a
/// tile; at the left and right edge each has its own. The other lines are computed row by row.
@usableFromInline
struct PooledPairs {
  /// In lines of pooled outputs, of each picture.
  @usableFromInline let lines: WorkRange
  /// The pooled outputs of a line that share tiles, and how they are split.
  @usableFromInline let inner: WorkRange
  @usableFromInline let split: TileSplit
  /// The pooled outputs of a line.
  @usableFromInline let width: Int

  /// None where nothing is pooled, where code is to be small, where a tile of two lines would have few sums, and where
  /// sums are added up in several blocks.
  @inlinable @inline(always)
  init<V: Vector>(
    _: V.Type, _ geometry: WindowGeometry, isPooled: Bool, _ layout: TapLayout, vectors: Int
  ) {
    guard V.count >= 8, isPooled, layout.blocks == 1, geometry.outputWidth > 1 else {
      (lines, inner, width) = (WorkRange(0, 0), WorkRange(0, 0), 0)
      split = TileSplit(lower: 0, upper: 0, limit: 1)
      return
    }
    let (rows, columns) = (geometry.interiorRows, geometry.interiorColumns)
    width = geometry.outputWidth / 2
    lines = .pairs(rows.lower, rows.upper)
    inner = .pairs(columns.lower, columns.upper)
    split = TileSplit(
      lower: inner.lower, upper: inner.upper,
      limit: TileSize.maximumPairs(V.self, vectors: vectors))
  }

  /// Whether a line is one of them.
  @inlinable @inline(always)
  func hold(line: Int) -> Bool { line >= lines.lower && line < lines.upper }

  /// Those of a line that is one of them.
  @inlinable @inline(always)
  var tilesPerLine: Int { split.tiles + width - inner.count }
}

extension WorkRange {
  /// The whole pairs of a range.
  @inlinable @inline(always)
  static func pairs(_ lower: Int, _ upper: Int) -> WorkRange {
    let first = (lower + 1) / 2
    return WorkRange(first, upper / 2 > first ? upper / 2 : first)
  }
}

/// Computes the pooled outputs of those of some lines that are pairs.
///
/// The arguments are only read.
@inlinable @inline(always)
func computePairs<V: Vector>(
  _: V.Type, _ arguments: inout ConvolutionArguments, _ slice: ConvolutionSlice,
  _ layout: TapLayout, _ pairs: PooledPairs, _ lines: WorkRange, _ row: TileRow
) {
  let geometry = arguments.geometry
  var row = row
  row.bias = slice.bias
  row.scale = slice.scale
  row.shift = slice.shift
  row.activation = arguments.activation
  row.channels = slice.outputs
  row.rows = geometry.windowHeight
  row.runsOver =
    arguments.spacing == nil && slice.outputs == geometry.outputChannels
    && slice.vectors * V.count <= 2 * slice.outputs
  var index = lines.lower
  while index < lines.upper {
    let line = PooledLine(&arguments, slice, index)
    index += 1
    guard pairs.hold(line: line.y) else { continue }
    row.outputStride = line.pixel
    let y = 2 * line.y * geometry.strideY - geometry.paddingTop
    let source =
      arguments.input
      + (line.image * geometry.inputCount + y * geometry.inputWidth * geometry.inputChannels
        + slice.firstInput)
    var pair = 0
    while pair < pairs.width {
      let step = pairs.split.step(from: pair)
      // What follows may be somebody else's.
      row.isEnd = pair + step.tiles * step.height == pairs.width
      let offset = line.first + pair * line.pixel
      let places = arguments.places.map { $0 + offset }
      let columns = geometry.columns(ofOutput: 2 * pair)
      row.show(columns, slice, layout)
      let first = source + columns.position * geometry.inputChannels
      if pair >= pairs.inner.lower && pair < pairs.inner.upper {
        computePairTiles(
          V.self, step.tiles, pairs: step.height, vectors: slice.vectors, &row, first,
          arguments.output + offset, places)
      } else {
        let others = geometry.columns(ofOutput: 2 * pair + 1)
        var right = row
        right.show(others, slice, layout)
        computeEdgePair(
          V.self, vectors: slice.vectors, &row, right, first,
          source + others.position * geometry.inputChannels, arguments.output + offset, places)
      }
      pair += step.tiles * step.height
    }
  }
}

extension TileRow {
  /// Takes the columns of a window that lie inside of the picture, of all its rows.
  @inlinable @inline(always)
  mutating func show(_ columns: WindowSpan, _ slice: ConvolutionSlice, _ layout: TapLayout) {
    runs = layout.isContiguous ? 1 : columns.count
    runLength = layout.isContiguous ? columns.count * slice.inputs : slice.inputs
    weights = slice.weights + columns.first * slice.inputs * Panel.width
  }
}
