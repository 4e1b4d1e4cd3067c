/// Computes a run of register tiles whose size is known only now, by those of constant size.
@inlinable @inline(always)
func multiplyTiles<V: Vector>(
  _: V.Type, _ n: Int, pixels: Int, vectors: Int, _ product: WinogradProduct
) {
  switch vectors {
  case 2:
    if V.registers == 32 && pixels > 6 {
      switch pixels {
      case 7: multiplyTiles(InlineArray<7, InlineArray<2, V>>.self, n, product)
      case 8: multiplyTiles(InlineArray<8, InlineArray<2, V>>.self, n, product)
      case 9: multiplyTiles(InlineArray<9, InlineArray<2, V>>.self, n, product)
      case 10: multiplyTiles(InlineArray<10, InlineArray<2, V>>.self, n, product)
      case 11: multiplyTiles(InlineArray<11, InlineArray<2, V>>.self, n, product)
      default: multiplyTiles(InlineArray<12, InlineArray<2, V>>.self, n, product)
      }
    } else {
      switch pixels {
      case 1: multiplyTiles(InlineArray<1, InlineArray<2, V>>.self, n, product)
      case 2: multiplyTiles(InlineArray<2, InlineArray<2, V>>.self, n, product)
      case 3: multiplyTiles(InlineArray<3, InlineArray<2, V>>.self, n, product)
      case 4: multiplyTiles(InlineArray<4, InlineArray<2, V>>.self, n, product)
      case 5: multiplyTiles(InlineArray<5, InlineArray<2, V>>.self, n, product)
      default: multiplyTiles(InlineArray<6, InlineArray<2, V>>.self, n, product)
      }
    }
  case 1:
    guard V.count == Panel.width else { return }
    switch pixels {
    case 1: multiplyTiles(InlineArray<1, InlineArray<1, V>>.self, n, product)
    case 2: multiplyTiles(InlineArray<2, InlineArray<1, V>>.self, n, product)
    case 3: multiplyTiles(InlineArray<3, InlineArray<1, V>>.self, n, product)
    case 4: multiplyTiles(InlineArray<4, InlineArray<1, V>>.self, n, product)
    case 5: multiplyTiles(InlineArray<5, InlineArray<1, V>>.self, n, product)
    case 6: multiplyTiles(InlineArray<6, InlineArray<1, V>>.self, n, product)
    case 7: multiplyTiles(InlineArray<7, InlineArray<1, V>>.self, n, product)
    case 8: multiplyTiles(InlineArray<8, InlineArray<1, V>>.self, n, product)
    case 9: multiplyTiles(InlineArray<9, InlineArray<1, V>>.self, n, product)
    case 10: multiplyTiles(InlineArray<10, InlineArray<1, V>>.self, n, product)
    case 11: multiplyTiles(InlineArray<11, InlineArray<1, V>>.self, n, product)
    default: multiplyTiles(InlineArray<12, InlineArray<1, V>>.self, n, product)
    }
  default:
    guard V.registers == 32 && V.count == Panel.width else { return }
    switch pixels {
    case 1: multiplyTiles(InlineArray<1, InlineArray<3, V>>.self, n, product)
    case 2: multiplyTiles(InlineArray<2, InlineArray<3, V>>.self, n, product)
    case 3: multiplyTiles(InlineArray<3, InlineArray<3, V>>.self, n, product)
    case 4: multiplyTiles(InlineArray<4, InlineArray<3, V>>.self, n, product)
    case 5: multiplyTiles(InlineArray<5, InlineArray<3, V>>.self, n, product)
    case 6: multiplyTiles(InlineArray<6, InlineArray<3, V>>.self, n, product)
    case 7: multiplyTiles(InlineArray<7, InlineArray<3, V>>.self, n, product)
    default: multiplyTiles(InlineArray<8, InlineArray<3, V>>.self, n, product)
    }
  }
}
