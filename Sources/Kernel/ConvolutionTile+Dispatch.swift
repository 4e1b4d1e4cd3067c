/// The largest tiles of an instruction set.
///
/// Sums, the weights of one step and one input fill its registers. One pixel alone takes up to eight
/// vectors: fewer sums would wait for each other, since each multiply-add takes four cycles or so.
@usableFromInline
enum TileSize {
  /// The most vectors of channels that a tile of several pixels has.
  @inlinable @inline(always)
  static func maximumVectors<V: Vector>(_: V.Type) -> Int {
    if V.registers == 8 { return 1 }
    return V.registers == 32 && V.count == Panel.width ? 4 : 2
  }

  /// The most vectors of channels that a tile of one pixel has.
  @inlinable @inline(always)
  static func maximumVectorsOfOnePixel<V: Vector>(_: V.Type) -> Int { V.registers == 8 ? 2 : 8 }

  /// The most pixels of a convolution's tile with so many vectors: two more where a sum has so many products
  /// that what comes before and after them does not count.
  @inlinable @inline(always)
  static func maximumPixels<V: Vector>(_: V.Type, vectors: Int, products: Int) -> Int {
    let most = maximumPixels(V.self, vectors: vectors)
    let isLong = vectors == 2 && products >= 64
    return isLong && V.registers == 32 && V.count == Panel.width ? most + 2 : most
  }

  /// The most pixels of a tile with so many vectors.
  @inlinable @inline(always)
  static func maximumPixels<V: Vector>(_: V.Type, vectors: Int) -> Int {
    switch vectors {
    // With 16 registers the compiler keeps the inputs of more pixels than ten in memory.
    case 1: V.registers == 32 ? 12 : V.registers == 16 ? 10 : 4
    case 2: V.registers == 32 ? 10 : V.registers == 16 ? 6 : 1
    case 3: 8
    case 4: 6
    default: 1
    }
  }

  /// The most rows of a weight gradient's tile with so many vectors: its sums have as many terms as there are pixels.
  @inlinable @inline(always)
  static func maximumRows<V: Vector>(_: V.Type, vectors: Int) -> Int {
    maximumPixels(V.self, vectors: vectors, products: .max)
  }

  /// The most pooled outputs of a tile with so many vectors, each the largest of four sums.
  @inlinable @inline(always)
  static func maximumPairs<V: Vector>(_: V.Type, vectors: Int) -> Int {
    switch vectors {
    case 1: V.registers == 32 ? 3 : 2
    case 2: V.registers == 32 ? 3 : 1
    case 3: 2
    default: 1
    }
  }
}

/// Computes a run of tiles whose size is known only now, by those of constant size, and goes on to what the next
/// run asks for ahead.
///
/// Constants after specialisation: where the instruction set has 16 registers, the branches that it
/// never takes are not compiled.
@inlinable @inline(always)
func computeTiles<V: Vector>(
  _: V.Type, _ n: Int, pixels: Int, vectors: Int, _ row: inout TileRow,
  _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ addend: UnsafePointer<Float>?
) {
  defer { row.ahead.advance(n) }
  if V.registers == 8 {
    computeSmallTiles(V.self, n, pixels: pixels, vectors: vectors, &row, x, y, addend)
    return
  }
  switch vectors {
  case 1:
    switch pixels {
    case 1: computeTiles(InlineArray<1, InlineArray<1, V>>.self, n, row, x, y, addend)
    case 2: computeTiles(InlineArray<2, InlineArray<1, V>>.self, n, row, x, y, addend)
    case 3: computeTiles(InlineArray<3, InlineArray<1, V>>.self, n, row, x, y, addend)
    case 4: computeTiles(InlineArray<4, InlineArray<1, V>>.self, n, row, x, y, addend)
    case 5: computeTiles(InlineArray<5, InlineArray<1, V>>.self, n, row, x, y, addend)
    case 6: computeTiles(InlineArray<6, InlineArray<1, V>>.self, n, row, x, y, addend)
    case 7: computeTiles(InlineArray<7, InlineArray<1, V>>.self, n, row, x, y, addend)
    case 8: computeTiles(InlineArray<8, InlineArray<1, V>>.self, n, row, x, y, addend)
    case 9: computeTiles(InlineArray<9, InlineArray<1, V>>.self, n, row, x, y, addend)
    case 10: computeTiles(InlineArray<10, InlineArray<1, V>>.self, n, row, x, y, addend)
    case 11 where V.registers == 32:
      computeTiles(InlineArray<11, InlineArray<1, V>>.self, n, row, x, y, addend)
    default:
      guard V.registers == 32 else { return }
      computeTiles(InlineArray<12, InlineArray<1, V>>.self, n, row, x, y, addend)
    }
  case 2:
    if V.registers == 32 && pixels > 6 {
      switch pixels {
      case 7: computeTiles(InlineArray<7, InlineArray<2, V>>.self, n, row, x, y, addend)
      case 8: computeTiles(InlineArray<8, InlineArray<2, V>>.self, n, row, x, y, addend)
      case 9: computeTiles(InlineArray<9, InlineArray<2, V>>.self, n, row, x, y, addend)
      case 10: computeTiles(InlineArray<10, InlineArray<2, V>>.self, n, row, x, y, addend)
      case 11 where V.count == Panel.width:
        computeTiles(InlineArray<11, InlineArray<2, V>>.self, n, row, x, y, addend)
      default:
        guard V.count == Panel.width else { return }
        computeTiles(InlineArray<12, InlineArray<2, V>>.self, n, row, x, y, addend)
      }
    } else {
      switch pixels {
      case 1: computeTiles(InlineArray<1, InlineArray<2, V>>.self, n, row, x, y, addend)
      case 2: computeTiles(InlineArray<2, InlineArray<2, V>>.self, n, row, x, y, addend)
      case 3: computeTiles(InlineArray<3, InlineArray<2, V>>.self, n, row, x, y, addend)
      case 4: computeTiles(InlineArray<4, InlineArray<2, V>>.self, n, row, x, y, addend)
      case 5: computeTiles(InlineArray<5, InlineArray<2, V>>.self, n, row, x, y, addend)
      default: computeTiles(InlineArray<6, InlineArray<2, V>>.self, n, row, x, y, addend)
      }
    }
  case 3:
    if pixels == 1 {
      computeTiles(InlineArray<1, InlineArray<3, V>>.self, n, row, x, y, addend)
      return
    }
    guard V.registers == 32 && V.count == Panel.width else { return }
    switch pixels {
    case 2: computeTiles(InlineArray<2, InlineArray<3, V>>.self, n, row, x, y, addend)
    case 3: computeTiles(InlineArray<3, InlineArray<3, V>>.self, n, row, x, y, addend)
    case 4: computeTiles(InlineArray<4, InlineArray<3, V>>.self, n, row, x, y, addend)
    case 5: computeTiles(InlineArray<5, InlineArray<3, V>>.self, n, row, x, y, addend)
    case 6: computeTiles(InlineArray<6, InlineArray<3, V>>.self, n, row, x, y, addend)
    case 7: computeTiles(InlineArray<7, InlineArray<3, V>>.self, n, row, x, y, addend)
    default: computeTiles(InlineArray<8, InlineArray<3, V>>.self, n, row, x, y, addend)
    }
  case 4:
    if pixels == 1 {
      computeTiles(InlineArray<1, InlineArray<4, V>>.self, n, row, x, y, addend)
      return
    }
    guard V.registers == 32 && V.count == Panel.width else { return }
    switch pixels {
    case 2: computeTiles(InlineArray<2, InlineArray<4, V>>.self, n, row, x, y, addend)
    case 3: computeTiles(InlineArray<3, InlineArray<4, V>>.self, n, row, x, y, addend)
    case 4: computeTiles(InlineArray<4, InlineArray<4, V>>.self, n, row, x, y, addend)
    case 5: computeTiles(InlineArray<5, InlineArray<4, V>>.self, n, row, x, y, addend)
    default: computeTiles(InlineArray<6, InlineArray<4, V>>.self, n, row, x, y, addend)
    }
  case 5: computeTiles(InlineArray<1, InlineArray<5, V>>.self, n, row, x, y, addend)
  case 6: computeTiles(InlineArray<1, InlineArray<6, V>>.self, n, row, x, y, addend)
  case 7: computeTiles(InlineArray<1, InlineArray<7, V>>.self, n, row, x, y, addend)
  default: computeTiles(InlineArray<1, InlineArray<8, V>>.self, n, row, x, y, addend)
  }
}

/// The same where there are registers for eight vectors: few tiles, little code. The row is not changed, but a copy
/// of it would take stack.
@inlinable
#if hasFeature(Embedded)  // By itself, so that what is around it does not take registers, or stack.
  @inline(never)
#else
  @inline(always)
#endif
func computeSmallTiles<V: Vector>(
  _: V.Type, _ n: Int, pixels: Int, vectors: Int, _ row: inout TileRow,
  _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ addend: UnsafePointer<Float>?
) {
  if vectors == 2 {
    computeTiles(InlineArray<1, InlineArray<2, V>>.self, n, row, x, y, addend)
    return
  }
  switch pixels {
  case 1: computeTiles(InlineArray<1, InlineArray<1, V>>.self, n, row, x, y, addend)
  case 2: computeTiles(InlineArray<2, InlineArray<1, V>>.self, n, row, x, y, addend)
  case 3: computeTiles(InlineArray<3, InlineArray<1, V>>.self, n, row, x, y, addend)
  default: computeTiles(InlineArray<4, InlineArray<1, V>>.self, n, row, x, y, addend)
  }
}
