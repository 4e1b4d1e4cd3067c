import Kernel
import Runtime
import Testing

/// Convolutions that pool what they compute and keep the places.
struct TrackedConvolutionTests {
  /// The same bits, results and places, as the convolution and a pooling behind it: odd sizes, channels that do not
  /// fill vectors, and inputs of few different values, so that several results of a window are equal.
  @Test(arguments: TestedTraining.all)
  func largestResultsKnowWhereTheyComeFrom(_ tested: TestedTraining) throws {
    let kernels = try Processor.kernels(for: tested.instructionSet)
    var random = SeededGenerator(31)
    for channels in [1, 5, 8, 16, 20, 30, 33, 64, 70] {
      for rectifies in [true, false] {
        let geometry = WindowGeometry.random(
          window: (random.pick([1, 2, 3]), random.pick([2, 3])),
          channels: (random.pick([1, 2, 3]), channels), largestInput: random.pick([9, 26]),
          using: &random)
        guard geometry.outputHeight > 1, geometry.outputWidth > 1 else { continue }
        var fixture = WindowFixture(
          geometry, isScaled: false, activation: .linear, using: &random)
        fixture.input = fixture.input.map { _ in Float(Int.random(in: 0...1, using: &random)) }
        check(fixture, rectifies: rectifies, kernels, tested.kernels)
      }
    }
  }

  private func check(
    _ fixture: WindowFixture, rectifies: Bool, _ kernels: KernelTable, _ training: TrainingKernels
  ) {
    let geometry = fixture.geometry
    let pooling = WindowGeometry(
      batch: geometry.batch,
      input: (geometry.outputHeight, geometry.outputWidth, geometry.outputChannels),
      output: (geometry.outputHeight / 2, geometry.outputWidth / 2, geometry.outputChannels),
      window: (2, 2), stride: (2, 2))
    let count = geometry.batch * pooling.outputCount
    let (output, places) = (GuardedFloats(count: count), GuardedFloats(count: count))
    let whole = GuardedFloats(count: geometry.batch * geometry.outputCount)
    let scratch = GuardedFloats(count: Convolution.scratchCount(geometry))
    let (input, weights) = (Floats(fixture.input), Floats(fixture.packedKernel))
    let bias = Floats(fixture.padded(fixture.bias))
    withExtendedLifetime((input, weights, bias)) {
      var arguments = ConvolutionArguments(
        input: input.pointer, output: output.pointer, weights: weights.pointer,
        bias: bias.pointer, activation: rectifies ? Activation(.relu) : .linear,
        geometry: geometry, isPooled: true, scratch: scratch.pointer)
      arguments.places = places.pointer
      kernels.convolve(&arguments)
      arguments = ConvolutionArguments(
        input: input.pointer, output: whole.pointer, weights: weights.pointer,
        bias: bias.pointer, geometry: geometry)
      kernels.convolve(&arguments)
    }
    let (expected, tracked) = (GuardedFloats(count: count), GuardedFloats(count: count))
    training.poolMaximumTracking(
      PoolingArguments(input: whole.input, output: expected.pointer, geometry: pooling),
      tracked.pointer, rectifies)
    #expect(output.isWrittenExactly && places.isWrittenExactly && scratch.isWrittenInside)
    #expect(output.bits == expected.bits && places.bits == tracked.bits, "\(geometry)")
  }
}
