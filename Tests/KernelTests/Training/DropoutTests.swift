import Kernel
import Testing

struct DropoutTests {
  /// As many are dropped as the rate says, give or take five standard deviations; the others keep their mean.
  @Test(arguments: TestedTraining.all, [Float(0.1), 0.5, 0.8])
  func dropsByTheRate(_ tested: TestedTraining, rate: Float) {
    let result = drop(tested, rate: rate, pictures: 4, positions: 100, channels: 33)
    let kept = result.filter { $0 != 0 }
    let count = Float(result.count)
    let deviation = (count * rate * (1 - rate)).squareRoot()
    #expect(abs(Float(kept.count) - count * (1 - rate)) < 5 * deviation)
    #expect(kept.allSatisfy { $0 == 1 / (1 - rate) })
  }

  /// What is dropped depends on neither the instruction set nor the division of the work.
  @Test(arguments: [false, true])
  func dropsTheSameEverywhere(isSpatial: Bool) {
    let results = TestedTraining.all.map { tested in
      let whole = drop(tested, rate: 0.3, positions: 7, channels: 45, isSpatial: isSpatial)
      let parts = (0..<3).flatMap {
        drop(
          tested, rate: 0.3, first: $0, pictures: 1, positions: 7, channels: 45,
          isSpatial: isSpatial)
      }
      #expect(whole == parts)
      return whole
    }
    #expect(Set(results).count == 1)
  }

  @Test(arguments: TestedTraining.all)
  func dropsWholeChannels(_ tested: TestedTraining) {
    let (positions, channels) = (9, 45)
    let result = drop(
      tested, rate: 0.5, positions: positions, channels: channels, isSpatial: true)
    for picture in 0..<3 {
      let first = picture * positions * channels
      let row = Array(result[first..<first + channels])
      #expect(Set(row).count == 2)
      for position in 0..<positions {
        let at = first + position * channels
        #expect(Array(result[at..<at + channels]) == row)
      }
    }
  }

  private func drop(
    _ tested: TestedTraining, rate: Float, first: Int = 0, pictures: Int = 3, positions: Int,
    channels: Int, isSpatial: Bool = false
  ) -> [Float] {
    let count = pictures * positions * channels
    let input = Floats([Float](repeating: 1, count: count))
    let output = GuardedFloats(count: count)
    tested.kernels.dropValues(
      DropoutArguments(
        input: input.pointer, output: output.pointer, rate: rate, key: 7, firstPicture: first,
        pictures: pictures, positions: positions, channels: channels, isSpatial: isSpatial))
    #expect(output.isWrittenExactly)
    return output.values
  }
}
