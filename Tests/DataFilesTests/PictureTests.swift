import DataFiles
import Network
import Testing

@Suite struct PictureTests {
  private let color = Picture(
    width: 2, height: 1, channels: 3, bytes: [255, 0, 0, 10, 200, 30])

  @Test func grayIsWhatPILComputes() {
    // (255 · 19595 + 0x8000) >> 16 and (10 · 19595 + 200 · 38470 + 30 · 7471 + 0x8000) >> 16.
    #expect(
      color.converted(toChannels: 1)
        == Picture(width: 2, height: 1, channels: 1, bytes: [76, 124]))
  }

  @Test func colorRepeatsGray() {
    let gray = Picture(width: 2, height: 1, channels: 1, bytes: [7, 9])
    #expect(
      gray.converted(toChannels: 3)
        == Picture(width: 2, height: 1, channels: 3, bytes: [7, 7, 7, 9, 9, 9]))
  }

  @Test func conversionToTheSameNumberChangesNothing() {
    #expect(color.converted(toChannels: 3) == color)
  }

  @Test(arguments: [-1, 0, 2, 4])
  func otherNumbersOfChannelsHaveNoConversion(channels: Int) {
    #expect(color.converted(toChannels: channels) == nil)
  }

  @Test func theTensorIsRowsOfPixels() {
    #expect(color.tensor == Tensor(shape: [1, 2, 3], values: [255, 0, 0, 10, 200, 30]))
  }
}
