import Kernel
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct SoftmaxTests {
  @Test(arguments: 1...40)
  func softmaxIsThatOfDoublePrecision(axis: Int) {
    var random = SeededGenerator(UInt64(axis))
    for inner in [1, 2, 5] {
      for range in [-1...1, -30...30, 900...1000] as [ClosedRange<Float>] {
        let outer = Int.random(in: 1...3, using: &random)
        let input = random.floats(outer * axis * inner, in: range)
        for kernels in testedKernels {
          for isLogarithmic in [false, true] {
            check(kernels, input, (outer, axis, inner), isLogarithmic)
          }
        }
      }
    }
  }

  @Test(arguments: testedKernels)
  func hugeValuesDoNotOverflow(_ kernels: KernelTable) {
    let input: [Float] = [3e38, -3e38, 3e38, -.infinity]
    #expect(softmax(kernels, input, (1, 4, 1), false).values == [0.5, 0, 0.5, 0])
    let logarithms = softmax(kernels, input, (1, 4, 1), true).values
    #expect(logarithms[1] == -.infinity && logarithms[3] == -.infinity)
    #expect(abs(Double(logarithms[0]) + log(2)) < 1e-7)
  }

  @Test(arguments: testedKernels, [false, true])
  func oneElementIsCertain(_ kernels: KernelTable, isLogarithmic: Bool) {
    #expect(
      softmax(kernels, [5, -7], (2, 1, 1), isLogarithmic).values
        == Array(repeating: isLogarithmic ? 0 : 1, count: 2))
  }

  /// Wherever in the row it is; other rows are not concerned.
  @Test(arguments: testedKernels, [false, true])
  func notANumberSpoilsItsRow(_ kernels: KernelTable, isLogarithmic: Bool) {
    for position in 0..<5 {
      var input: [Float] = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]
      input[position] = .nan
      let values = softmax(kernels, input, (2, 5, 1), isLogarithmic).values
      #expect(values.map(\.isNaN) == (0..<10).map { $0 < 5 }, "NaN at \(position)")
    }
  }

  private typealias Sizes = (outer: Int, axis: Int, inner: Int)

  private func check(
    _ kernels: KernelTable, _ input: [Float], _ sizes: Sizes, _ isLogarithmic: Bool
  ) {
    let output = softmax(kernels, input, sizes, isLogarithmic)
    let inPlace = softmax(kernels, input, sizes, isLogarithmic, isInPlace: true)
    #expect(output.isWrittenExactly && inPlace.isWrittenExactly && output.bits == inPlace.bits)
    let values = output.values
    for index in input.indices {
      let first =
        index / (sizes.axis * sizes.inner) * sizes.axis * sizes.inner + index % sizes.inner
      let row = (0..<sizes.axis).map { Double(input[first + $0 * sizes.inner]) }
      let largest = row.max()!
      let sum = row.reduce(0) { $0 + exp($1 - largest) }
      let shifted = Double(input[index]) - largest
      let exact = isLogarithmic ? shifted - log(sum) : exp(shifted) / sum
      // Subtraction rounds `shifted`, which e^x multiplies by its magnitude; then come the
      // exponential, the sum of positive terms, and the division or the logarithm.
      let tolerance =
        isLogarithmic
        ? unitRoundoff * (2 * abs(shifted) + 2 * log(sum) + Double(sizes.axis) + 8)
        : unitRoundoff * (abs(shifted) + Double(sizes.axis) + 8) * exact + 0x1p-148
      #expect(
        abs(Double(values[index]) - exact) <= tolerance, "\(sizes), \(kernels.testDescription)")
    }
  }

  private func softmax(
    _ kernels: KernelTable, _ input: [Float], _ sizes: Sizes, _ isLogarithmic: Bool,
    isInPlace: Bool = false
  ) -> GuardedFloats {
    let output = isInPlace ? GuardedFloats(input) : GuardedFloats(count: input.count)
    let source = Floats(input)
    withExtendedLifetime(source) {
      kernels.softmax(
        isInPlace ? output.input : source.pointer, output.pointer, sizes.outer, sizes.axis,
        sizes.inner, isLogarithmic)
    }
    return output
  }
}
