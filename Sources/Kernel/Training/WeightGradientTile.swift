/// What a tile of a weight gradient is added up over.
@usableFromInline
protocol GradientTerms: SendableMetatype {
  /// The most vectors of channels that a tile has, of so many rows in all.
  static func maximumVectors<V: Vector>(_: V.Type, rows: Int) -> Int
  /// Adds each pixel's products of the values that `rows` see and its gradient, from a channel on.
  func add<V: Vector, Rows: WindowRows, let count: Int, let vectors: Int>(
    to sum: inout InlineArray<count, InlineArray<vectors, V>>, _ rows: Rows, channel: Int)
}

/// The pixels that a tile of a weight gradient is added up over.
@usableFromInline
struct GradientRun {
  @usableFromInline let lines: Int
  /// The pixels in a line.
  @usableFromInline let length: Int
  /// From a pixel to the next, in floats of input.
  @usableFromInline let sourceStep: Int
  /// From a line to the next, in floats of input.
  @usableFromInline let sourceLineStep: Int
  /// From a pixel to the next, in floats of the output's gradient.
  @usableFromInline let gradientStep: Int
  /// From a line to the next, in floats of the output's gradient.
  @usableFromInline let gradientLineStep: Int

  @inlinable @inline(always)
  init(
    lines: Int, length: Int, sourceStep: Int, sourceLineStep: Int, gradientStep: Int,
    gradientLineStep: Int
  ) {
    self.lines = lines
    self.length = length
    self.sourceStep = sourceStep
    self.sourceLineStep = sourceLineStep
    self.gradientStep = gradientStep
    self.gradientLineStep = gradientLineStep
  }
}

/// Where the rows of a tile see a pixel's window.
@usableFromInline
protocol WindowRows: SendableMetatype {
  func value(_ row: Int, _ source: UnsafePointer<Float>) -> Float
  func dropFirst(_ count: Int) -> Self
}

/// Rows that are neighbours: the channels of one tap.
@usableFromInline
struct NeighboringRows: WindowRows {
  @usableFromInline let first: Int

  @inlinable @inline(always)
  init(first: Int = 0) { self.first = first }

  @inlinable @inline(always)
  func value(_ row: Int, _ source: UnsafePointer<Float>) -> Float { source[first + row] }

  @inlinable @inline(always)
  func dropFirst(_ count: Int) -> Self { Self(first: first + count) }
}

/// Rows that are anywhere in the window.
@usableFromInline
struct ListedRows: WindowRows {
  @usableFromInline var offsets: UnsafePointer<Int>

  @inlinable @inline(always)
  init(_ offsets: UnsafePointer<Int>) { self.offsets = offsets }

  /// Those that `listRows` wrote into scratch memory.
  @inlinable @inline(always)
  init(_ scratch: UnsafeMutablePointer<Float>, first: Int) {
    offsets = UnsafeRawPointer(scratch).assumingMemoryBound(to: Int.self) + first
  }

  @inlinable @inline(always)
  func value(_ row: Int, _ source: UnsafePointer<Float>) -> Float { source[offsets[row]] }

  @inlinable @inline(always)
  func dropFirst(_ count: Int) -> Self { Self(offsets + count) }
}

/// Adds the products of a run of pixels to a unit's rows and channels, a register tile at a time.
@inlinable @inline(always)
func accumulate<V: Vector, Terms: GradientTerms, Rows: WindowRows>(
  _: V.Type, _ terms: Terms, _ rows: Rows, outputs: Int, rows rowCount: Int,
  panelStride: Int, _ target: UnsafeMutablePointer<Float>, adds: Bool
) {
  let most = Terms.maximumVectors(V.self, rows: rowCount)
  let all = (outputs + V.count - 1) / V.count
  let slices = (all + most - 1) / most
  var index = 0
  while index < slices {
    // Where a panel is several vectors, none begins in the middle of one and ends in the next.
    let vectors =
      V.count == Panel.width
      ? WorkRange(0, all).part(index, of: slices)
      : WorkRange(index * most, index * most + most < all ? index * most + most : all)
    let first = vectors.lower * V.count
    let panel = first / Panel.width * panelStride + first % Panel.width
    let limit = TileSize.maximumRows(V.self, vectors: vectors.count)
    let tiles = (rowCount + limit - 1) / limit
    var tile = 0
    while tile < tiles {
      let part = WorkRange(0, rowCount).part(tile, of: tiles)
      accumulateTile(
        V.self, count: part.count, vectors: vectors.count, terms, panelStride,
        rows.dropFirst(part.lower), channel: first,
        target + (panel + part.lower * Panel.width), adds: adds)
      tile += 1
    }
    index += 1
  }
}

/// Adds the products of a run of pixels to `count` rows and `vectors` vectors of channels, all in
/// registers.
///
/// The same loop as a convolution's, with pixels in place of taps: an outer product a pixel. Whole vectors are
/// stored, whatever the lanes behind the channels hold: a choice there would keep the compiler from unrolling
/// the loop, and with it the sums from registers.
@inlinable @inline(always)
func accumulateTile<
  V: Vector, Terms: GradientTerms, Rows: WindowRows, let count: Int, let vectors: Int
>(
  _: InlineArray<count, InlineArray<vectors, V>>.Type, _ terms: Terms, _ panelStride: Int,
  _ rows: Rows, channel: Int, _ target: UnsafeMutablePointer<Float>, adds: Bool
) {
  var sum = InlineArray<count, InlineArray<vectors, V>>(
    repeating: InlineArray<vectors, V>(repeating: V.zeros))
  terms.add(to: &sum, rows, channel: channel)
  let perPanel = Panel.width / V.count
  var r = 0
  while r < count {
    var c = 0
    while c < vectors {
      let at = target + (c / perPanel * panelStride + r * Panel.width + c % perPanel * V.count)
      let before = adds ? V.load(at) : V.zeros
      (before + sum[unchecked: r][unchecked: c]).store(at)
      c += 1
    }
    r += 1
  }
}
