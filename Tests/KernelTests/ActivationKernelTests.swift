import Kernel
import Testing

struct ActivationKernelTests {
  @Test(arguments: Activation.tested)
  func valuesAreThoseOfDoublePrecision(_ activation: Activation) {
    var random = SeededGenerator(UInt64(activation.function.rawValue))
    var input = random.floats(2000, in: -9...9) + random.floats(200, in: -200...200)
    // Denser towards zero, where functions cancel.
    input += (0..<2000).map { _ in
      random.pick([-1, 1])
        * Float(
          sign: .plus, exponent: -Int.random(in: 0...60, using: &random),
          significand: Float.random(in: 1..<2, using: &random))
    }
    for kernels in testedKernels {
      let values = activate(kernels, activation, input).values
      for (x, value) in zip(input, values) {
        let exact = activation.exact(Double(x))
        let isClose =
          Float(exact).isInfinite || exact.isNaN
          ? value == Float(exact) || value.isNaN && exact.isNaN
          : abs(Double(value) - exact) <= activation.tolerance(Double(x))
        #expect(isClose, "\(value) instead of \(exact) at \(x), \(kernels.testDescription)")
      }
    }
    let results = fusingKernels.map { activate($0, activation, input).bits }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  /// The bounds at which the functions change from one formula to another, both zeros, infinities.
  @Test(arguments: Activation.tested)
  func specialValues(_ activation: Activation) {
    let input: [Float] = [0, -0.0, 1, -1, 0.5, -0.5, 6, -3, 3, .infinity, -.infinity, .nan]
    for kernels in testedKernels {
      for (x, value) in zip(input, activate(kernels, activation, input).values) {
        if x.isNaN {
          #expect(value.isNaN || Double(value) == activation.exact(.nan))
          continue
        }
        let exact = activation.exact(Double(x))
        // At infinity the tolerance has to be that of the limit: the operands' is infinite.
        let tolerance =
          x.isInfinite ? unitRoundoff * 8 * abs(exact) : activation.tolerance(Double(x))
        let isSame =
          exact.isFinite
          ? abs(Double(value) - exact) <= tolerance
          : value == Float(exact) || value.isNaN && exact.isNaN
        #expect(isSame, "\(value) instead of \(exact) at \(x), \(kernels.testDescription)")
      }
    }
  }

  /// Arrays that end within a vector give the same values as in a longer array, in place too.
  @Test(arguments: Activation.tested)
  func everyCountIsComputed(_ activation: Activation) {
    var random = SeededGenerator(9)
    let input = random.floats(40, in: -8...8)
    for kernels in testedKernels {
      let whole = activate(kernels, activation, input).bits
      for count in 0...40 {
        let part = Array(input[..<count])
        for isInPlace in [false, true] {
          let output = activate(kernels, activation, part, isInPlace: isInPlace)
          #expect(output.isWrittenExactly && output.bits == Array(whole[..<count]))
        }
      }
    }
  }

  private func activate(
    _ kernels: KernelTable, _ activation: Activation, _ input: [Float], isInPlace: Bool = false
  ) -> GuardedFloats {
    let output = isInPlace ? GuardedFloats(input) : GuardedFloats(count: input.count)
    let source = Floats(input)
    withExtendedLifetime(source) {
      kernels.activate(
        activation, isInPlace ? output.input : source.pointer, output.pointer, input.count)
    }
    return output
  }
}
