/// Computes a run of tiles of pooled outputs whose size is known only now, by those of constant size.
@inlinable @inline(always)
func computePairTiles<V: Vector>(
  _: V.Type, _ n: Int, pairs: Int, vectors: Int, _ row: inout TileRow,
  _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
  _ places: UnsafeMutablePointer<Float>?
) {
  defer { row.ahead.advance(n) }
  let isWide = V.registers == 32
  switch vectors {
  case 1:
    switch pairs {
    case 1: computePairTiles(InlineArray<4, InlineArray<1, V>>.self, n, row, x, y, places)
    case 2: computePairTiles(InlineArray<8, InlineArray<1, V>>.self, n, row, x, y, places)
    default:
      guard isWide else { return }
      computePairTiles(InlineArray<12, InlineArray<1, V>>.self, n, row, x, y, places)
    }
  case 2:
    switch pairs {
    case 1: computePairTiles(InlineArray<4, InlineArray<2, V>>.self, n, row, x, y, places)
    case 2 where isWide:
      computePairTiles(InlineArray<8, InlineArray<2, V>>.self, n, row, x, y, places)
    default:
      guard isWide else { return }
      computePairTiles(InlineArray<12, InlineArray<2, V>>.self, n, row, x, y, places)
    }
  case 3:
    guard isWide else { return }
    if pairs == 1 {
      computePairTiles(InlineArray<4, InlineArray<3, V>>.self, n, row, x, y, places)
    } else {
      computePairTiles(InlineArray<8, InlineArray<3, V>>.self, n, row, x, y, places)
    }
  default:
    guard isWide else { return }
    computePairTiles(InlineArray<4, InlineArray<4, V>>.self, n, row, x, y, places)
  }
}

/// Computes a run of `tiles` tiles along a line of pooled outputs, each of `pixels` sums, half of them in the line
/// below, by `vectors` vectors of channels, all in registers.
@inlinable @inline(always)
func computePairTiles<V: Vector, let pixels: Int, let vectors: Int>(
  _: InlineArray<pixels, InlineArray<vectors, V>>.Type, _ tiles: Int, _ row: TileRow,
  _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
  _ places: UnsafeMutablePointer<Float>?
) {
  var tile = 0
  while tile < tiles {
    let start = InlineArray<vectors, V>.loaded(row.bias)
    var sum = InlineArray<pixels, InlineArray<vectors, V>>(repeating: start)
    addWindow(
      PixelSources<V, 2, pixels>.self, to: &sum, row,
      input + tile * (pixels / 2) * row.pixelStride,
      ahead: row.ahead.first + tile * row.ahead.perTile)
    let offset = tile * (pixels / 4) * row.outputStride
    let isEnd = row.isEnd && tile == tiles - 1
    finishPairs(sum, row, output + offset, places.map { $0 + offset }, isEnd: isEnd)
    tile += 1
  }
}

/// Computes one pooled output at the left or right edge, whose `left` sums have other taps than its `right` ones, by a
/// number of vectors that is known only now.
@inlinable @inline(always)
func computeEdgePair<V: Vector>(
  _: V.Type, vectors: Int, _ left: inout TileRow, _ right: TileRow, _ x: UnsafePointer<Float>,
  _ z: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
  _ places: UnsafeMutablePointer<Float>?
) {
  defer { left.ahead.advance(1) }
  switch vectors {
  case 1: computeEdgePair(InlineArray<1, V>.self, left, right, x, z, y, places)
  case 2: computeEdgePair(InlineArray<2, V>.self, left, right, x, z, y, places)
  case 3 where V.registers == 32:
    computeEdgePair(InlineArray<3, V>.self, left, right, x, z, y, places)
  default:
    guard V.registers == 32 else { return }
    computeEdgePair(InlineArray<4, V>.self, left, right, x, z, y, places)
  }
}

@inlinable @inline(always)
func computeEdgePair<V: Vector, let vectors: Int>(
  _: InlineArray<vectors, V>.Type, _ left: TileRow, _ right: TileRow, _ x: UnsafePointer<Float>,
  _ z: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
  _ places: UnsafeMutablePointer<Float>?
) {
  let start = InlineArray<vectors, V>.loaded(left.bias)
  var first = InlineArray<2, InlineArray<vectors, V>>(repeating: start)
  var second = first
  addWindow(PixelSources<V, 2, 2>.self, to: &first, left, x, ahead: left.ahead.first)
  addWindow(PixelSources<V, 2, 2>.self, to: &second, right, z, ahead: left.ahead.first)
  let sum: InlineArray<4, InlineArray<vectors, V>> = [
    first[unchecked: 0], second[unchecked: 0], first[unchecked: 1], second[unchecked: 1],
  ]
  finishPairs(sum, left, y, places, isEnd: left.isEnd)
}

/// Stores the largest of every four sums, and the tap that each comes from if it is asked for.
@inlinable @inline(always)
func finishPairs<V: Vector, let pixels: Int, let vectors: Int>(
  _ sum: InlineArray<pixels, InlineArray<vectors, V>>, _ row: TileRow,
  _ output: UnsafeMutablePointer<Float>, _ places: UnsafeMutablePointer<Float>?, isEnd: Bool
) {
  if let places {
    finishTrackedPairs(sum, row, output, places, isEnd: isEnd)
  } else {
    finishPairs(sum, row, output, isEnd: isEnd)
  }
}

/// Applies scale, shift and activation, and stores the largest of every four sums.
@inlinable @inline(always)
func finishPairs<V: Vector, let pixels: Int, let vectors: Int>(
  _ sum: InlineArray<pixels, InlineArray<vectors, V>>, _ row: TileRow,
  _ output: UnsafeMutablePointer<Float>, isEnd: Bool
) {
  var sum = sum
  if let scale = row.scale, let shift = row.shift {
    var p = 0
    while p < pixels {
      var c = 0
      while c < vectors {
        sum[unchecked: p][unchecked: c] = V.load(shift + c * V.count)
          .fusedAddingProduct(sum[unchecked: p][unchecked: c], V.load(scale + c * V.count))
        c += 1
      }
      p += 1
    }
  }
  let isBounded = row.activation.function == .reluBounded
  let lowest = V(repeating: row.activation.function == .linear ? -.infinity : 0)
  let highest = V(repeating: isBounded ? row.activation.alpha : .infinity)
  let lastLanes = row.channels - (vectors - 1) * V.count
  let half = pixels / 2
  var p = 0
  while p < half {
    var c = 0
    while c < vectors {
      // What grows with its input can as well come after the maximum.
      let value = sum[unchecked: p][unchecked: c].maximum(sum[unchecked: p + 1][unchecked: c])
        .maximum(
          sum[unchecked: half + p][unchecked: c].maximum(sum[unchecked: half + p + 1][unchecked: c])
        )
        .clampedBelow(by: lowest).clampedAbove(by: highest)
      let target = output + (p / 2 * row.outputStride + c * V.count)
      let runsOver = row.runsOver && !(isEnd && p == half - 2)
      if c < vectors - 1 || lastLanes >= V.count || runsOver {
        value.store(target)
      } else {
        value.store(target, lanes: lastLanes)
      }
      c += 1
    }
    p += 2
  }
}

/// The same, and stores the tap that each comes from: of sums that only a ReLU may follow.
@inlinable @inline(always)
func finishTrackedPairs<V: Vector, let pixels: Int, let vectors: Int>(
  _ sum: InlineArray<pixels, InlineArray<vectors, V>>, _ row: TileRow,
  _ output: UnsafeMutablePointer<Float>, _ places: UnsafeMutablePointer<Float>, isEnd: Bool
) {
  assert(row.scale == nil && row.activation.function != .reluBounded)
  let nowhere = V(repeating: 4)
  let lowest = V(repeating: row.activation.function == .linear ? -.infinity : 0)
  let lastLanes = row.channels - (vectors - 1) * V.count
  let half = pixels / 2
  var p = 0
  while p < half {
    var c = 0
    while c < vectors {
      let found = largestOfPairs(
        sum[unchecked: p][unchecked: c], sum[unchecked: p + 1][unchecked: c],
        sum[unchecked: half + p][unchecked: c], sum[unchecked: half + p + 1][unchecked: c])
      let place = found.place.replaced(with: nowhere, whereAtMost: found.largest, lowest)
      let largest = found.largest.clampedBelow(by: lowest)
      let at = p / 2 * row.outputStride + c * V.count
      let runsOver = row.runsOver && !(isEnd && p == half - 2)
      if c < vectors - 1 || lastLanes >= V.count || runsOver {
        largest.store(output + at)
        place.store(places + at)
      } else {
        largest.store(output + at, lanes: lastLanes)
        place.store(places + at, lanes: lastLanes)
      }
      c += 1
    }
    p += 2
  }
}
