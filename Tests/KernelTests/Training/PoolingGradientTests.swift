import Kernel
import Testing

struct PoolingGradientTests {
  /// Windows that lie side by side and others, with and without a ReLU behind.
  @Test(arguments: TestedTraining.all)
  func largestValuesKnowWhereTheyComeFrom(_ tested: TestedTraining) {
    var random = SeededGenerator(21)
    for window in [(2, 2), (3, 2), (1, 3)] {
      for channels in [1, 5, 8, 16, 20, 33, 64] {
        for isPairs in [true, false] where !isPairs || window == (2, 2) {
          let rectifies = Bool.random(using: &random)
          let geometry =
            isPairs
            ? pairs(height: random.pick([2, 5, 6]), width: random.pick([4, 7]), channels)
            : .random(
              window: window, channels: (channels, channels), largestInput: 6, using: &random)
          check(geometry, rectifies: rectifies, tested, &random)
        }
      }
    }
  }

  private func pairs(height: Int, width: Int, _ channels: Int) -> WindowGeometry {
    WindowGeometry(
      batch: 3, input: (height, width, channels), output: (height / 2, width / 2, channels),
      window: (2, 2), stride: (2, 2))
  }

  private func check(
    _ geometry: WindowGeometry, rectifies: Bool, _ tested: TestedTraining,
    _ random: inout SeededGenerator
  ) {
    // Few different values, so that several in a window are equal.
    let values = (0..<geometry.batch * geometry.inputCount).map { _ in
      Float(Int.random(in: -4...3, using: &random)) + 0.5
    }
    let gradients = random.floats(geometry.batch * geometry.outputCount)
    let (input, given) = (Floats(values), Floats(gradients))
    let output = GuardedFloats(count: gradients.count)
    let places = GuardedFloats(count: gradients.count)
    tested.kernels.poolMaximumTracking(
      PoolingArguments(input: input.pointer, output: output.pointer, geometry: geometry),
      places.pointer, rectifies)
    let spread = GuardedFloats(count: values.count)
    tested.kernels.maximumPoolingGradient(
      PoolingGradientArguments(
        gradient: given.pointer, places: UnsafePointer(places.pointer), output: spread.pointer,
        geometry: geometry))

    let results = output.values
    var expected = [Float](repeating: 0, count: values.count)
    for index in gradients.indices {
      let taps = taps(of: index, geometry)
      // The first of the largest, as TensorFlow takes it.
      let largest = taps.map { values[$0] }.max()
      let value = rectifies ? max(largest ?? 0, 0) : largest ?? -.infinity
      #expect(results[index] == value)
      guard let largest, value == largest,
        let place = taps.first(where: { values[$0] == largest })
      else { continue }
      expected[place] += gradients[index]
    }
    for (value, exact) in zip(spread.values, expected) {
      #expect(abs(value - exact) <= 4 * Float(unitRoundoff) * 9)
    }
    #expect(output.isWrittenExactly && places.isWrittenExactly && spread.isWrittenExactly)
  }

  /// Where in the input a result's window sees values, row by row.
  private func taps(of index: Int, _ geometry: WindowGeometry) -> [Int] {
    let channel = index % geometry.outputChannels
    let pixel = index / geometry.outputChannels
    let (line, x) = (pixel / geometry.outputWidth, pixel % geometry.outputWidth)
    let (picture, y) = (line / geometry.outputHeight, line % geometry.outputHeight)
    var result: [Int] = []
    for tapY in 0..<geometry.windowHeight {
      for tapX in 0..<geometry.windowWidth {
        let row = y * geometry.strideY - geometry.paddingTop + tapY * geometry.dilationY
        let column = x * geometry.strideX - geometry.paddingLeft + tapX * geometry.dilationX
        guard (0..<geometry.inputHeight).contains(row), (0..<geometry.inputWidth).contains(column)
        else { continue }
        let pixel = (picture * geometry.inputHeight + row) * geometry.inputWidth + column
        result.append(pixel * geometry.inputChannels + channel)
      }
    }
    return result
  }
}
