/// What a picture shows beyond its edges, where it is moved, turned or made smaller.
///
/// The names and the pixels are those of Keras's `fill_mode`, which are SciPy's.
public enum FillMode: Equatable, Sendable {
  /// One value everywhere: `kkkk|abcd|kkkk`.
  case constant(Float)
  /// The nearest pixel: `aaaa|abcd|dddd`.
  case nearest
  /// The mirror image: `dcba|abcd|dcba`.
  case reflect
  /// The picture again, whose first pixel lies on its last one: `bcd|abcd|bcd` with d and a as one, as in
  /// SciPy.
  case wrap

  /// Where within an axis of `count` pixels a position lies; nil for what is constant.
  ///
  /// Positions of the mirror image may be up to one pixel beyond the edge, between two that are equal.
  func position(_ position: Double, count: Int) -> Double? {
    let last = Double(count - 1)
    if position >= 0, position <= last { return position }
    switch self {
    case .constant: return nil
    case .nearest: return position < 0 ? 0 : last
    case .reflect: return count > 1 ? Self.reflected(position, size: Double(count)) : 0
    case .wrap:
      guard count > 1 else { return 0 }
      let turns = (abs(position) / last).rounded(.towardZero)
      return position < 0 ? position + last * (turns + 1) : position - last * turns
    }
  }

  private static func reflected(_ position: Double, size: Double) -> Double {
    let period = 2 * size
    guard position < 0 else {
      let rest = position - period * (position / period).rounded(.towardZero)
      return rest >= size ? period - rest - 1 : rest
    }
    var rest = position
    if rest < -period { rest += period * (-rest / period).rounded(.towardZero) }
    if rest < -size { return rest + period }
    // SciPy's way round a rounding error, at which -1 would be beyond.
    return (rest > -1e-15 ? 1e-15 : -rest) - 1
  }
}
