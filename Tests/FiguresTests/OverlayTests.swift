import Figures
import Testing

@Suite struct OverlayTests {
  /// Half of the gray that ITU-R BT.601 makes of the picture, and half of the colour.
  @Test func isHalfGrayAndHalfColor() {
    let picture = Raster(width: 2, height: 1, cells: [RGB(255, 0, 0), RGB(gray: 100)])
    let colors = Raster(width: 2, height: 1, cells: [RGB(0, 255, 101), RGB(gray: 200)])
    #expect(picture.overlaid(with: colors).cells == [RGB(38, 166, 89), RGB(gray: 150)])
  }
}
