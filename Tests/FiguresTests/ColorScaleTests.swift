import Figures
import Testing

@Suite struct ColorScaleTests {
  /// The step that `int(Normalize(-1, 3)(x) * 256)` is in matplotlib, at most 255.
  @Test(arguments: [
    (Float(-1), 0), (0, 64), (1, 128), (2.99, 255), (3, 255), (-5, 0), (9, 255),
  ])
  func takesTheStepOfMatplotlib(_ value: Float, _ step: Int) {
    let scale = ColorScale(.viridis, low: -1, high: 3)
    #expect(scale.color(value) == ColorMap.viridis.colors[step])
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func hasAColorForWhatIsNoNumber(_ value: Float) {
    for map in ColorMap.allCases {
      #expect(ColorScale(map, low: 0, high: 1).color(value) == ColorMap.notANumber.color)
      #expect(!map.colors.contains(ColorMap.notANumber.color))
    }
  }

  @Test func isSymmetricAroundZeroWhereTheMapIs() {
    let maps = [FeatureMap(title: "", rows: 1, columns: 3, values: [-1, 0, 4])]
    let scale = ColoredMaps(maps, map: .coolwarm, range: .perLayer).scales[0]
    #expect(scale.low == -4 && scale.high == 4)
    #expect(scale.color(0) == ColorMap.coolwarm.colors[128])
  }

  @Test func goesByTheMapTheLayerOrWhatIsAskedFor() {
    let maps = [
      FeatureMap(title: "0", rows: 1, columns: 2, values: [0, 2]),
      FeatureMap(title: "1", rows: 1, columns: 2, values: [-1, .nan]),
    ]
    let limits = { (range: ValueRange) in
      ColoredMaps(maps, map: .gray, range: range).scales.map { [$0.low, $0.high] }
    }
    #expect(limits(.perLayer) == [[-1, 2], [-1, 2]])
    #expect(limits(.perMap) == [[0, 2], [-1, -1]])
    #expect(limits(.fixed(low: 0, high: 1)) == [[0, 1], [0, 1]])
  }

  @Test func saysWhatTheColorsDoNotShow() {
    let map = FeatureMap(title: "", rows: 1, columns: 5, values: [.nan, .infinity, -2, 0.5, 3])
    let colored = ColoredMaps([map], map: .viridis, range: .fixed(low: 0, high: 1))
    #expect(
      colored.notes == [
        "not a number (magenta): 1 NaN, 1 infinite", "beyond the scale: 1 below, 1 above",
      ])
    #expect(colored.rangeText == "range: 0 … 1")
  }
}
