/// Which numbers the ends of a colour scale stand for.
public enum ValueRange: Equatable, Sendable {
  /// Each map's own least and greatest number.
  case perMap
  /// Those of all maps of a layer.
  case perLayer
  /// The same for whatever is drawn.
  case fixed(low: Double, high: Double)

  /// The scale for some numbers; those that are not finite do not count.
  func scale(_ map: ColorMap, of values: [some Sequence<Float>]) -> ColorScale {
    if case .fixed(let low, let high) = self { return ColorScale(map, low: low, high: high) }
    var low = Float.infinity
    var high = -Float.infinity
    for part in values {
      for value in part where value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
    }
    if low > high { (low, high) = (0, 0) }
    if map.isDiverging {
      high = max(abs(low), abs(high))
      low = -high
    }
    return ColorScale(map, low: Double(low), high: Double(high))
  }
}
