/// Maps in the colours of their numbers, with what has to be said about that.
public struct ColoredMaps: Sendable {
  public let titles: [String]
  public let rasters: [Raster]
  /// What each map's colours mean; all the same where they have a scale in common.
  public let scales: [ColorScale]
  /// How the scale was chosen.
  public let range: ValueRange
  /// What the colours do not show: numbers that are none, or beyond the scale.
  public let notes: [String]

  /// - Precondition: There is a map.
  public init(_ maps: [FeatureMap], map colorMap: ColorMap, range: ValueRange) {
    precondition(!maps.isEmpty, "there is nothing to colour")
    titles = maps.map(\.title)
    self.range = range
    if range == .perMap {
      scales = maps.map { range.scale(colorMap, of: [$0.values]) }
    } else {
      let scale = range.scale(colorMap, of: maps.map(\.values))
      scales = maps.map { _ in scale }
    }
    rasters = zip(maps, scales).map { map, scale in
      scale.raster(map.values, rows: map.rows, columns: map.columns)
    }
    notes = Self.notes(maps, scales)
  }

  private static func notes(_ maps: [FeatureMap], _ scales: [ColorScale]) -> [String] {
    var (nan, infinite, below, above) = (0, 0, 0, 0)
    for (map, scale) in zip(maps, scales) {
      for value in map.values {
        if value.isNaN {
          nan += 1
        } else if value.isInfinite {
          infinite += 1
        } else if Double(value) < scale.low {
          below += 1
        } else if Double(value) > scale.high {
          above += 1
        }
      }
    }
    var notes: [String] = []
    if nan + infinite > 0 {
      notes.append(
        "not a number (\(ColorMap.notANumber.name)): \(nan) NaN, \(infinite) infinite")
    }
    if below + above > 0 {
      notes.append("beyond the scale: \(below) below, \(above) above")
    }
    return notes
  }

  /// The scale that all maps have in common; nil where each has its own.
  public var commonScale: ColorScale? { range == .perMap ? nil : scales[0] }

  /// What the colours stand for, in words.
  public var rangeText: String {
    guard let scale = commonScale else {
      return scales.count == 1
        ? "range per map: \(Self.text(scales[0]))"
        : "range per map: each by its own least and greatest"
    }
    let kind = range == .perLayer ? "range per layer" : "range"
    return "\(kind): \(Self.text(scale))"
  }

  /// The limits of a map's scale: `0 … 1.25`.
  static func text(_ scale: ColorScale) -> String {
    let low = NumberText.short(scale.low)
    return scale.low < scale.high ? "\(low) … \(NumberText.short(scale.high))" : "\(low) (constant)"
  }

  /// The colour bar: with numbers where the scale is that of all maps, else with what it means.
  var colorBar: ColorBar {
    if let scale = commonScale { return ColorBar(scale) }
    return scales.count == 1
      ? ColorBar(scales[0]) : ColorBar(scales[0], lowText: "least", highText: "greatest")
  }
}
