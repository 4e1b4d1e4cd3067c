/// Computes a tile whose size is known only now, by those of constant size: see `computeTiles`.
@inlinable @inline(always)
func accumulateTile<V: Vector, Terms: GradientTerms, Rows: WindowRows>(
  _: V.Type, count: Int, vectors: Int, _ terms: Terms, _ panelStride: Int,
  _ rows: Rows, channel: Int, _ y: UnsafeMutablePointer<Float>, adds: Bool
) {
  switch vectors {
  case 1:
    switch count {
    case 1:
      accumulateTile(
        InlineArray<1, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 2:
      accumulateTile(
        InlineArray<2, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 3:
      accumulateTile(
        InlineArray<3, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 4:
      accumulateTile(
        InlineArray<4, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 5:
      accumulateTile(
        InlineArray<5, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 6:
      accumulateTile(
        InlineArray<6, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 7:
      accumulateTile(
        InlineArray<7, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 8:
      accumulateTile(
        InlineArray<8, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 9:
      accumulateTile(
        InlineArray<9, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 10:
      accumulateTile(
        InlineArray<10, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 11:
      accumulateTile(
        InlineArray<11, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    default:
      accumulateTile(
        InlineArray<12, InlineArray<1, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    }
  case 2:
    if V.registers == 32 && count > 6 {
      switch count {
      case 7:
        accumulateTile(
          InlineArray<7, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      case 8:
        accumulateTile(
          InlineArray<8, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      case 9:
        accumulateTile(
          InlineArray<9, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      case 10:
        accumulateTile(
          InlineArray<10, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      case 11:
        accumulateTile(
          InlineArray<11, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      default:
        accumulateTile(
          InlineArray<12, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      }
    } else {
      switch count {
      case 1:
        accumulateTile(
          InlineArray<1, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      case 2:
        accumulateTile(
          InlineArray<2, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      case 3:
        accumulateTile(
          InlineArray<3, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      case 4:
        accumulateTile(
          InlineArray<4, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      case 5:
        accumulateTile(
          InlineArray<5, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      default:
        accumulateTile(
          InlineArray<6, InlineArray<2, V>>.self, terms, panelStride, rows, channel: channel, y,
          adds: adds)
      }
    }
  case 3:
    guard Terms.maximumVectors(V.self, rows: count) > 2 else { return }
    switch count {
    case 1:
      accumulateTile(
        InlineArray<1, InlineArray<3, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 2:
      accumulateTile(
        InlineArray<2, InlineArray<3, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 3:
      accumulateTile(
        InlineArray<3, InlineArray<3, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 4:
      accumulateTile(
        InlineArray<4, InlineArray<3, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 5:
      accumulateTile(
        InlineArray<5, InlineArray<3, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 6:
      accumulateTile(
        InlineArray<6, InlineArray<3, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 7:
      accumulateTile(
        InlineArray<7, InlineArray<3, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    default:
      accumulateTile(
        InlineArray<8, InlineArray<3, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    }
  default:
    guard Terms.maximumVectors(V.self, rows: count) > 2 else { return }
    switch count {
    case 1:
      accumulateTile(
        InlineArray<1, InlineArray<4, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 2:
      accumulateTile(
        InlineArray<2, InlineArray<4, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 3:
      accumulateTile(
        InlineArray<3, InlineArray<4, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 4:
      accumulateTile(
        InlineArray<4, InlineArray<4, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    case 5:
      accumulateTile(
        InlineArray<5, InlineArray<4, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    default:
      accumulateTile(
        InlineArray<6, InlineArray<4, V>>.self, terms, panelStride, rows, channel: channel, y,
        adds: adds)
    }
  }
}
