/// Neighbouring outputs of one row or of one column, which are computed one tile after the other.
@usableFromInline
struct ConvolutionStrip {
  @usableFromInline let image: Int
  /// The first output.
  @usableFromInline let y: Int
  @usableFromInline let x: Int
  @usableFromInline let isColumn: Bool
  @usableFromInline let count: Int
  /// How they are split into tiles, counted from the first.
  @usableFromInline let split: TileSplit

  @inlinable @inline(always)
  init(image: Int, y: Int, x: Int, isColumn: Bool = false, count: Int, split: TileSplit) {
    self.image = image
    self.y = y
    self.x = x
    self.isColumn = isColumn
    self.count = count
    self.split = split
  }
}

/// The strips that some lines of a convolution are computed in.
///
/// Row by row. At the left and right edge, where a window is cut off, neighbours in a row see different taps,
/// and a tile would be a single pixel, whose few sums wait for each other. Neighbours in a column see the same
/// ones: `byColumns` those edges come last, column by column.
@usableFromInline
struct ConvolutionStrips {
  @usableFromInline let geometry: WindowGeometry
  /// The rows to compute, of all pictures; lines of pixels where it `isRun`.
  @usableFromInline let rows: WorkRange
  @usableFromInline let rowsPerImage: Int
  /// Whether all pixels are one row, of which a line is a part.
  @usableFromInline let isRun: Bool
  /// The columns that are computed row by row.
  @usableFromInline let inner: WorkRange
  /// The most pixels of a tile.
  @usableFromInline let limit: Int
  @usableFromInline let rowSplit: TileSplit
  /// What comes next: a row, until they are done, then a column of the edges.
  @usableFromInline var image: Int
  @usableFromInline var y: Int
  @usableFromInline var edgeColumn: Int?

  @inlinable @inline(always)
  init(
    _ geometry: WindowGeometry, _ lines: WorkRange, limit: Int, isPooled: Bool, isRun: Bool,
    byColumns: Bool
  ) {
    self.geometry = geometry
    self.isRun = isRun
    self.limit = limit
    rowsPerImage = isPooled ? geometry.outputHeight / 2 * 2 : geometry.outputHeight
    rows = isPooled ? WorkRange(2 * lines.lower, 2 * lines.upper) : lines
    let interior = geometry.interiorColumns
    // Pictures that are all edge stay row by row, also since a single column's slices are wider than a tile of several
    // pixels can be.
    inner =
      byColumns && interior.lower < interior.upper
      ? WorkRange(interior.lower, interior.upper) : WorkRange(0, geometry.outputWidth)
    rowSplit = TileSplit(
      lower: interior.lower - inner.lower, upper: interior.upper - inner.lower, limit: limit)
    image = isRun ? 0 : rows.lower / rowsPerImage
    y = rows.lower - (isRun ? 0 : image * rowsPerImage)
    edgeColumn = nil
  }

  @inlinable @inline(always)
  mutating func next() -> ConvolutionStrip? {
    if edgeColumn == nil {
      if image * rowsPerImage + y < rows.upper { return isRun ? nextLine() : nextRow() }
      guard inner.count < geometry.outputWidth else { return nil }
      image = rows.lower / rowsPerImage
    }
    return nextEdge()
  }

  @inlinable @inline(always)
  mutating func nextLine() -> ConvolutionStrip {
    let width = Convolution.lineWidth(geometry.outputWidth)
    let first = y * width
    y += 1
    let left = geometry.outputWidth - first
    let count = left < width ? left : width
    return ConvolutionStrip(
      image: 0, y: 0, x: first, count: count,
      split: TileSplit(lower: 0, upper: count, limit: limit))
  }

  @inlinable @inline(always)
  mutating func nextRow() -> ConvolutionStrip {
    let strip = ConvolutionStrip(
      image: image, y: y, x: inner.lower, count: inner.count, split: rowSplit)
    y += 1
    if y == rowsPerImage {
      y = 0
      image += 1
    }
    return strip
  }

  @inlinable @inline(always)
  mutating func nextEdge() -> ConvolutionStrip? {
    let firstEdge = inner.lower > 0 ? 0 : inner.upper
    let x = edgeColumn ?? firstEdge
    let begin = image * rowsPerImage
    if begin >= rows.upper { return nil }
    let first = rows.lower > begin ? rows.lower - begin : 0
    let last = rows.upper - begin < rowsPerImage ? rows.upper - begin : rowsPerImage
    let interior = geometry.interiorRows
    let lower = interior.lower > first ? interior.lower : first
    let upper = interior.upper < last ? interior.upper : last
    let strip = ConvolutionStrip(
      image: image, y: first, x: x, isColumn: true, count: last - first,
      split: TileSplit(lower: lower - first, upper: upper - first, limit: limit))
    var following = x + 1
    if following == inner.lower { following = inner.upper }
    if following == geometry.outputWidth {
      following = firstEdge
      image += 1
    }
    edgeColumn = following
    return strip
  }
}
