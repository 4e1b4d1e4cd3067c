/// Computes a run of tiles whose size is known only now, by those of constant size.
///
/// Constants after specialisation: where the instruction set has 16 registers, the branches that it
/// never takes are not compiled.
@inlinable @inline(always)
func computeTiles<V: Vector>(
  _: V.Type, _ n: Int, pixels: Int, vectors: Int, _ row: TileRow,
  _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
) {
  switch vectors {
  case 1:
    switch pixels {
    case 1: computeTiles(InlineArray<1, InlineArray<1, V>>.self, n, row, x, y)
    case 2: computeTiles(InlineArray<2, InlineArray<1, V>>.self, n, row, x, y)
    case 3: computeTiles(InlineArray<3, InlineArray<1, V>>.self, n, row, x, y)
    case 4: computeTiles(InlineArray<4, InlineArray<1, V>>.self, n, row, x, y)
    case 5: computeTiles(InlineArray<5, InlineArray<1, V>>.self, n, row, x, y)
    case 6: computeTiles(InlineArray<6, InlineArray<1, V>>.self, n, row, x, y)
    case 7: computeTiles(InlineArray<7, InlineArray<1, V>>.self, n, row, x, y)
    case 8: computeTiles(InlineArray<8, InlineArray<1, V>>.self, n, row, x, y)
    case 9: computeTiles(InlineArray<9, InlineArray<1, V>>.self, n, row, x, y)
    case 10: computeTiles(InlineArray<10, InlineArray<1, V>>.self, n, row, x, y)
    case 11: computeTiles(InlineArray<11, InlineArray<1, V>>.self, n, row, x, y)
    default: computeTiles(InlineArray<12, InlineArray<1, V>>.self, n, row, x, y)
    }
  case 2:
    if V.registers == 32 && pixels > 6 {
      switch pixels {
      case 7: computeTiles(InlineArray<7, InlineArray<2, V>>.self, n, row, x, y)
      case 8: computeTiles(InlineArray<8, InlineArray<2, V>>.self, n, row, x, y)
      case 9: computeTiles(InlineArray<9, InlineArray<2, V>>.self, n, row, x, y)
      case 10: computeTiles(InlineArray<10, InlineArray<2, V>>.self, n, row, x, y)
      case 11: computeTiles(InlineArray<11, InlineArray<2, V>>.self, n, row, x, y)
      default: computeTiles(InlineArray<12, InlineArray<2, V>>.self, n, row, x, y)
      }
    } else {
      switch pixels {
      case 1: computeTiles(InlineArray<1, InlineArray<2, V>>.self, n, row, x, y)
      case 2: computeTiles(InlineArray<2, InlineArray<2, V>>.self, n, row, x, y)
      case 3: computeTiles(InlineArray<3, InlineArray<2, V>>.self, n, row, x, y)
      case 4: computeTiles(InlineArray<4, InlineArray<2, V>>.self, n, row, x, y)
      case 5: computeTiles(InlineArray<5, InlineArray<2, V>>.self, n, row, x, y)
      default: computeTiles(InlineArray<6, InlineArray<2, V>>.self, n, row, x, y)
      }
    }
  case 3:
    guard V.registers == 32 && V.count == Panel.width else { return }
    switch pixels {
    case 1: computeTiles(InlineArray<1, InlineArray<3, V>>.self, n, row, x, y)
    case 2: computeTiles(InlineArray<2, InlineArray<3, V>>.self, n, row, x, y)
    case 3: computeTiles(InlineArray<3, InlineArray<3, V>>.self, n, row, x, y)
    case 4: computeTiles(InlineArray<4, InlineArray<3, V>>.self, n, row, x, y)
    case 5: computeTiles(InlineArray<5, InlineArray<3, V>>.self, n, row, x, y)
    case 6: computeTiles(InlineArray<6, InlineArray<3, V>>.self, n, row, x, y)
    case 7: computeTiles(InlineArray<7, InlineArray<3, V>>.self, n, row, x, y)
    default: computeTiles(InlineArray<8, InlineArray<3, V>>.self, n, row, x, y)
    }
  default:
    guard V.registers == 32 && V.count == Panel.width else { return }
    switch pixels {
    case 1: computeTiles(InlineArray<1, InlineArray<4, V>>.self, n, row, x, y)
    case 2: computeTiles(InlineArray<2, InlineArray<4, V>>.self, n, row, x, y)
    case 3: computeTiles(InlineArray<3, InlineArray<4, V>>.self, n, row, x, y)
    case 4: computeTiles(InlineArray<4, InlineArray<4, V>>.self, n, row, x, y)
    case 5: computeTiles(InlineArray<5, InlineArray<4, V>>.self, n, row, x, y)
    default: computeTiles(InlineArray<6, InlineArray<4, V>>.self, n, row, x, y)
    }
  }
}
