extension FeatureMap {
  /// Each number as a level from 0 to 255: what is left of the map's mean, over the map's standard deviation,
  /// times 64, plus 128, cut off at both ends and without fraction.
  ///
  /// Chollet, Deep Learning with Python, 2017, section 5.4.1. A map without deviation is 128; what is not
  /// finite stays as it is, and does not count.
  public var standardized: FeatureMap {
    let finite = values.filter(\.isFinite).map(Double.init)
    let mean = finite.reduce(0, +) / Double(max(1, finite.count))
    let variance =
      finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, finite.count))
    let deviation = variance.squareRoot()
    var result = self
    result.values = values.map { value in
      guard value.isFinite else { return value }
      // Sums of equal numbers may round to a mean beside them.
      guard deviation > abs(mean) * 1e-12 else { return 128 }
      let level = (Double(value) - mean) / deviation * 64 + 128
      return Float(max(0, min(255, level)).rounded(.down))
    }
    return result
  }
}
