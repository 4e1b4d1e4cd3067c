import Kernel
import Testing

struct DepthwiseConvolutionTests {
  @Test(arguments: [1, 5, 16, 20, 33], [1, 2, 3])
  func convolutionIsThatOfThePlainLoop(channels: Int, multiplier: Int) {
    var random = SeededGenerator(UInt64(channels * 8 + multiplier))
    for height in 1...4 {
      for width in 1...4 {
        let geometry = WindowGeometry.random(
          window: (height, width), channels: (channels, channels * multiplier), largestInput: 9,
          using: &random)
        let activation: Activation = random.pick([
          .linear, Activation(.relu), Activation(.reluBounded, alpha: 0.5),
        ])
        check(
          WindowFixture(
            geometry, isDepthwise: true, isScaled: Bool.random(using: &random),
            activation: activation, using: &random))
      }
    }
  }

  @Test func windowsInThePaddingGiveTheBias() {
    var random = SeededGenerator(5)
    let geometry = WindowGeometry(
      batch: 1, input: (1, 1, 6), output: (7, 7, 6), window: (2, 2), padding: (3, 4))
    let fixture = WindowFixture(geometry, isDepthwise: true, using: &random)
    check(fixture)
    for kernels in testedKernels {
      #expect(Array(convolve(fixture, kernels).values[..<6]) == fixture.bias)
    }
  }

  private func check(_ fixture: WindowFixture) {
    for kernels in testedKernels {
      let output = convolve(fixture, kernels)
      #expect(output.isWrittenExactly, "\(fixture.geometry), \(kernels.testDescription)")
      let error = fixture.firstError(in: output.values, isDepthwise: true)
      #expect(error == nil, "\(kernels.testDescription)")
    }
    let results = fusingKernels.map { convolve(fixture, $0).bits }
    #expect(results.allSatisfy { $0 == results[0] }, "\(fixture.geometry)")
  }

  private func convolve(_ fixture: WindowFixture, _ kernels: KernelTable) -> GuardedFloats {
    let output = GuardedFloats(count: fixture.geometry.batch * fixture.geometry.outputCount)
    let input = Floats(fixture.input)
    let weights = Floats(fixture.packedDepthwiseKernel)
    let bias = Floats(fixture.padded(fixture.bias))
    let scale = fixture.scale.map { Floats(fixture.padded($0)) }
    let shift = fixture.shift.map { Floats(fixture.padded($0)) }
    withExtendedLifetime((input, weights, bias, scale, shift)) {
      kernels.convolveDepthwise(
        DepthwiseArguments(
          input: input.pointer, output: output.pointer, weights: weights.pointer,
          bias: bias.pointer, scale: scale?.pointer, shift: shift?.pointer,
          activation: fixture.activation, geometry: fixture.geometry))
    }
    return output
  }
}
