/// What colour a number has: a colour map between two limits.
public struct ColorScale: Equatable, Sendable {
  public let map: ColorMap
  /// The number with the lowest colour.
  public let low: Double
  /// The number with the highest colour.
  public let high: Double

  private let colors: [RGB]

  /// - Precondition: The limits are finite, and `low` is not above `high`.
  public init(_ map: ColorMap, low: Double, high: Double) {
    precondition(low.isFinite && high.isFinite && low <= high, "limits \(low) to \(high)")
    self.map = map
    self.low = low
    self.high = high
    colors = map.colors
  }

  /// The colour of a number, as matplotlib's `Normalize` and `Colormap` choose it: step ⌊256·x⌋ for the
  /// share x of the way from the lower limit to the upper; beyond a limit that of the limit; where the limits
  /// are the same, the lowest, or for a map around zero the middle.
  public func color(_ value: Float) -> RGB {
    guard value.isFinite else { return ColorMap.notANumber.color }
    guard low < high else { return colors[map.isDiverging ? 128 : 0] }
    let share = (Double(value) - low) / (high - low)
    return colors[Int(max(0, min(255, (share * 256).rounded(.down))))]
  }

  /// The colours of a table of numbers, row by row.
  public func raster(_ values: some Collection<Float>, rows: Int, columns: Int) -> Raster {
    Raster(width: columns, height: rows, cells: values.map(color))
  }
}
