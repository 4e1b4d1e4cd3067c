/// Round numbers along an axis.
enum Ticks {
  /// The multiples of 1, 2 or 5 times a power of ten from `low` to `high`: about as many as `most`, no more
  /// than one above.
  static func between(_ low: Double, _ high: Double, most: Int) -> [Double] {
    guard low < high, (high - low).isFinite, most > 0 else { return [] }
    let least = (high - low) / Double(most)
    var power = 1.0
    while power > least { power /= 10 }
    while power * 10 <= least { power *= 10 }
    guard power > 0 else { return [] }
    let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) } ?? 10 * power
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard first <= last else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }
}
