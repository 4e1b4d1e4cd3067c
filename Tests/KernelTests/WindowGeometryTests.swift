import Kernel
import Testing

struct WindowGeometryTests {
  /// The taps inside of the picture are those that a walk over all taps finds.
  @Test(arguments: 1...5)
  func tapsAreThoseInsideOfThePicture(window: Int) {
    for input in 1...6 {
      for stride in 1...3 {
        for dilation in 1...3 {
          for padding in 0...4 { check(window, input, stride, dilation, padding) }
        }
      }
    }
  }

  private func check(_ window: Int, _ input: Int, _ stride: Int, _ dilation: Int, _ padding: Int) {
    let geometry = WindowGeometry(
      batch: 1, input: (input, input, 1), output: (9, 9, 1), window: (window, window),
      stride: (stride, stride), dilation: (dilation, dilation), padding: (padding, padding))
    let interior = geometry.interiorColumns
    for output in 0..<9 {
      let positions = (0..<window).map { output * stride - padding + $0 * dilation }
      let inside = positions.indices.filter { (0..<input).contains(positions[$0]) }
      for span in [geometry.rows(ofOutput: output), geometry.columns(ofOutput: output)] {
        #expect(span.count == inside.count)
        guard let first = inside.first else { continue }
        #expect(span.first == first && span.position == positions[first])
      }
      let isInterior = interior.lower <= output && output < interior.upper
      #expect(isInterior == (inside.count == window))
    }
  }

  @Test func rowsAndColumnsHaveAnInteriorEach() {
    let geometry = WindowGeometry(
      batch: 1, input: (10, 7, 1), output: (10, 7, 1), window: (3, 5), padding: (1, 2))
    #expect(geometry.interiorRows == (1, 9) && geometry.interiorColumns == (2, 5))
  }

  @Test func countsAreOfOnePicture() {
    let geometry = WindowGeometry(batch: 9, input: (2, 3, 4), output: (5, 6, 7))
    #expect(geometry.inputCount == 24 && geometry.outputCount == 210)
  }
}
