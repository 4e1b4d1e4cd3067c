import Kernel
import Testing

struct NormalizationTests {
  @Test(arguments: [1, 3, 4, 5, 8, 15, 16, 17, 33], [1, 2, 7])
  func everyChannelIsScaledAndShifted(channels: Int, pixels: Int) {
    var random = SeededGenerator(UInt64(channels * 8 + pixels))
    let input = random.floats(channels * pixels, in: -3...3)
    let scale = random.floats(channels)
    let shift = random.floats(channels)
    for kernels in testedKernels {
      let output = scaleAndShift(kernels, input, scale, shift, isInPlace: false)
      #expect(output.isWrittenExactly)
      for (index, value) in output.values.enumerated() {
        let product = Double(input[index]) * Double(scale[index % channels])
        let addend = Double(shift[index % channels])
        let tolerance = unitRoundoff * (2 * abs(product) + abs(addend))
        #expect(abs(Double(value) - (product + addend)) <= tolerance)
      }
      let inPlace = scaleAndShift(kernels, input, scale, shift, isInPlace: true)
      #expect(inPlace.isWrittenExactly && inPlace.bits == output.bits)
    }
    let results = fusingKernels.map {
      scaleAndShift($0, input, scale, shift, isInPlace: false).bits
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  private func scaleAndShift(
    _ kernels: KernelTable, _ input: [Float], _ scale: [Float], _ shift: [Float], isInPlace: Bool
  ) -> GuardedFloats {
    let channels = scale.count
    let padding = [Float](repeating: 0, count: Panel.count(channels) * 16 - channels)
    let output = isInPlace ? GuardedFloats(input) : GuardedFloats(count: input.count)
    let memory = (Floats(input), Floats(scale + padding), Floats(shift + padding))
    withExtendedLifetime(memory) {
      kernels.scaleAndShift(
        isInPlace ? output.input : memory.0.pointer, output.pointer, memory.1.pointer,
        memory.2.pointer, input.count / channels, channels)
    }
    return output
  }
}
