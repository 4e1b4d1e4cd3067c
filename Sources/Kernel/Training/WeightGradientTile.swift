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

  @inlinable @inline(always)
  func value(_ row: Int, _ source: UnsafePointer<Float>) -> Float { source[offsets[row]] }

  @inlinable @inline(always)
  func dropFirst(_ count: Int) -> Self { Self(offsets + count) }
}

/// Adds the products of a run of pixels to a unit's rows and channels, a register tile at a time.
@inlinable @inline(always)
func accumulate<V: Vector, Rows: WindowRows>(
  _: V.Type, _ run: GradientRun, _ rows: Rows, _ place: UnitPlace, _ source: UnsafePointer<Float>,
  _ outputGradient: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  let most = TileSize.maximumVectors(V.self)
  let all = (place.outputs + V.count - 1) / V.count
  let slices = (all + most - 1) / most
  var index = 0
  while index < slices {
    let vectors = WorkRange(0, all).part(index, of: slices)
    let first = vectors.lower * V.count
    let columns = GradientColumns(
      panelStride: place.panelStride,
      lastLanes: vectors.upper == all ? place.outputs - (all - 1) * V.count : V.count)
    let panel = first / Panel.width * place.panelStride + first % Panel.width
    let limit = TileSize.maximumPixels(V.self, vectors: vectors.count)
    let tiles = (place.rowCount + limit - 1) / limit
    var tile = 0
    while tile < tiles {
      let part = WorkRange(0, place.rowCount).part(tile, of: tiles)
      accumulateTile(
        V.self, count: part.count, vectors: vectors.count, run, columns,
        rows.dropFirst(part.lower), source,
        outputGradient + first, target + (panel + part.lower * Panel.width))
      tile += 1
    }
    index += 1
  }
}

/// How a tile's channels lie in the gradient of the weights.
@usableFromInline
struct GradientColumns {
  @usableFromInline let panelStride: Int
  /// The lanes of the last vector that are channels.
  @usableFromInline let lastLanes: Int

  @inlinable @inline(always)
  init(panelStride: Int, lastLanes: Int) {
    self.panelStride = panelStride
    self.lastLanes = lastLanes
  }
}

/// Adds the products of a run of pixels to `count` rows and `vectors` vectors of channels, all in
/// registers.
///
/// The same loop as a convolution's, with pixels in place of taps: an outer product a pixel.
@inlinable @inline(always)
func accumulateTile<V: Vector, Rows: WindowRows, let count: Int, let vectors: Int>(
  _: InlineArray<count, InlineArray<vectors, V>>.Type, _ run: GradientRun,
  _ columns: GradientColumns, _ rows: Rows, _ input: UnsafePointer<Float>,
  _ outputGradient: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  var sum = InlineArray<count, InlineArray<vectors, V>>(
    repeating: InlineArray<vectors, V>(repeating: V.zeros))
  var source = input
  var gradient = outputGradient
  var left = run.lines * run.length
  var lineEnd = run.length
  while left > 0 {
    var g = InlineArray<vectors, V>(repeating: V.zeros)
    var c = 0
    while c < vectors {
      g[unchecked: c] = V.load(gradient + c * V.count)
      c += 1
    }
    var r = 0
    while r < count {
      let x = V(repeating: rows.value(r, source))
      c = 0
      while c < vectors {
        sum[unchecked: r][unchecked: c] = sum[unchecked: r][unchecked: c]
          .fusedAddingProduct(x, g[unchecked: c])
        c += 1
      }
      r += 1
    }
    left -= 1
    lineEnd -= 1
    source += run.sourceStep
    gradient += run.gradientStep
    if lineEnd == 0 {
      lineEnd = run.length
      source += run.sourceLineStep - run.length * run.sourceStep
      gradient += run.gradientLineStep - run.length * run.gradientStep
    }
  }
  let perPanel = Panel.width / V.count
  let isWhole = columns.lastLanes == V.count
  var r = 0
  while r < count {
    var c = 0
    while c < vectors {
      let at =
        target + (c / perPanel * columns.panelStride + r * Panel.width + c % perPanel * V.count)
      let value = V.load(at) + sum[unchecked: r][unchecked: c]
      if c == vectors - 1 && !isWhole {
        value.store(at, lanes: columns.lastLanes)
      } else {
        value.store(at)
      }
      c += 1
    }
    r += 1
  }
}
