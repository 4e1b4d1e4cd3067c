/// Computes a tile whose size is known only now, by those of constant size: see `computeTiles`.
@inlinable @inline(always)
func accumulateTile<V: Vector, Rows: WindowRows>(
  _: V.Type, count: Int, vectors: Int, _ run: GradientRun, _ panelStride: Int,
  _ rows: Rows, _ x: UnsafePointer<Float>, _ g: UnsafePointer<Float>,
  _ y: UnsafeMutablePointer<Float>, adds: Bool
) {
  switch vectors {
  case 1:
    switch count {
    case 1:
      accumulateTile(
        InlineArray<1, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 2:
      accumulateTile(
        InlineArray<2, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 3:
      accumulateTile(
        InlineArray<3, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 4:
      accumulateTile(
        InlineArray<4, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 5:
      accumulateTile(
        InlineArray<5, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 6:
      accumulateTile(
        InlineArray<6, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 7:
      accumulateTile(
        InlineArray<7, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 8:
      accumulateTile(
        InlineArray<8, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 9:
      accumulateTile(
        InlineArray<9, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 10:
      accumulateTile(
        InlineArray<10, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 11:
      accumulateTile(
        InlineArray<11, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    default:
      accumulateTile(
        InlineArray<12, InlineArray<1, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    }
  case 2:
    if V.registers == 32 && count > 6 {
      switch count {
      case 7:
        accumulateTile(
          InlineArray<7, InlineArray<2, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
      case 8:
        accumulateTile(
          InlineArray<8, InlineArray<2, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
      case 9:
        accumulateTile(
          InlineArray<9, InlineArray<2, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
      default:
        accumulateTile(
          InlineArray<10, InlineArray<2, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
      }
    } else {
      switch count {
      case 1:
        accumulateTile(
          InlineArray<1, InlineArray<2, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
      case 2:
        accumulateTile(
          InlineArray<2, InlineArray<2, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
      case 3:
        accumulateTile(
          InlineArray<3, InlineArray<2, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
      case 4:
        accumulateTile(
          InlineArray<4, InlineArray<2, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
      case 5:
        accumulateTile(
          InlineArray<5, InlineArray<2, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
      default:
        accumulateTile(
          InlineArray<6, InlineArray<2, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
      }
    }
  case 3:
    guard V.registers == 32 && V.count == Panel.width else { return }
    switch count {
    case 1:
      accumulateTile(
        InlineArray<1, InlineArray<3, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 2:
      accumulateTile(
        InlineArray<2, InlineArray<3, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 3:
      accumulateTile(
        InlineArray<3, InlineArray<3, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 4:
      accumulateTile(
        InlineArray<4, InlineArray<3, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 5:
      accumulateTile(
        InlineArray<5, InlineArray<3, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 6:
      accumulateTile(
        InlineArray<6, InlineArray<3, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 7:
      accumulateTile(
        InlineArray<7, InlineArray<3, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    default:
      accumulateTile(
        InlineArray<8, InlineArray<3, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    }
  default:
    guard V.registers == 32 && V.count == Panel.width else { return }
    switch count {
    case 1:
      accumulateTile(
        InlineArray<1, InlineArray<4, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 2:
      accumulateTile(
        InlineArray<2, InlineArray<4, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 3:
      accumulateTile(
        InlineArray<3, InlineArray<4, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 4:
      accumulateTile(
        InlineArray<4, InlineArray<4, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    case 5:
      accumulateTile(
        InlineArray<5, InlineArray<4, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    default:
      accumulateTile(
        InlineArray<6, InlineArray<4, V>>.self, run, panelStride, rows, x, g, y, adds: adds)
    }
  }
}
