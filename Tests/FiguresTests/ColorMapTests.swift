import Figures
import Testing

@Suite struct ColorMapTests {
  /// The ends and the middle as matplotlib gives them: `matplotlib.colormaps[name](i, bytes=True)`.
  @Test(arguments: [
    (ColorMap.viridis, RGB(68, 1, 84), RGB(32, 144, 140), RGB(253, 231, 36)),
    (.magma, RGB(0, 0, 3), RGB(182, 54, 121), RGB(251, 252, 191)),
    (.gray, RGB(0, 0, 0), RGB(128, 128, 128), RGB(255, 255, 255)),
    (.coolwarm, RGB(58, 76, 192), RGB(221, 220, 219), RGB(179, 3, 38)),
  ])
  func hasTheColorsOfMatplotlib(_ map: ColorMap, _ first: RGB, _ middle: RGB, _ last: RGB) {
    #expect(map.colors.count == 256)
    #expect([map.colors[0], map.colors[128], map.colors[255]] == [first, middle, last])
  }
}
