import DataFiles
import Network
import Testing

/// The expected values are those of `tf.image.resize`.
@Suite struct InterpolationTests {
  private let square = Tensor(shape: [2, 2, 1], values: [0, 10, 20, 30])

  @Test func bilinearGrows() {
    let resized = square.resized(width: 4, height: 4, interpolation: .bilinear)
    #expect(resized.shape == [4, 4, 1])
    #expect(
      resized.values == [
        0, 2.5, 7.5, 10, 5, 7.5, 12.5, 15, 15, 17.5, 22.5, 25, 20, 22.5, 27.5, 30,
      ])
  }

  @Test func bilinearShrinksWithoutAntialiasing() {
    let row = Tensor(shape: [1, 6, 1], values: [0, 1, 2, 30, 4, 5])
    #expect(
      row.resized(width: 2, height: 1, interpolation: .bilinear)
        == Tensor(shape: [1, 2, 1], values: [1, 4]))
  }

  @Test func nearestTakesThePixelUnderTheCenter() {
    let row = Tensor(shape: [1, 5, 1], values: [0, 1, 2, 3, 4])
    #expect(
      row.resized(width: 2, height: 2, interpolation: .nearest)
        == Tensor(shape: [2, 2, 1], values: [1, 3, 1, 3]))
    #expect(
      row.resized(width: 10, height: 1, interpolation: .nearest).values
        == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
  }

  @Test func channelsStayTogether() {
    let pixels = Tensor(shape: [1, 2, 3], values: [1, 2, 3, 4, 5, 6])
    #expect(
      pixels.resized(width: 3, height: 1, interpolation: .nearest)
        == Tensor(shape: [1, 3, 3], values: [1, 2, 3, 4, 5, 6, 4, 5, 6]))
    #expect(
      pixels.resized(width: 1, height: 1, interpolation: .bilinear)
        == Tensor(shape: [1, 1, 3], values: [2.5, 3.5, 4.5]))
  }

  @Test func theSameSizeChangesNothing() {
    #expect(square.resized(width: 2, height: 2, interpolation: .bilinear) == square)
  }
}
