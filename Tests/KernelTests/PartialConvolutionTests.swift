import Kernel
import Testing

/// Convolutions of which only some weights are there at a time.
struct PartialConvolutionTests {
  /// Some panels at a time, of which alone there are weights: the same bits as all at once.
  @Test(arguments: testedKernels)
  func panelsOneByOneAreTheWhole(_ kernels: KernelTable) {
    var random = SeededGenerator(11)
    for _ in 0..<30 {
      let fixture = Self.fixture(using: &random)
      let whole = convolve(fixture, kernels) { arguments, _ in
        var all = arguments
        kernels.convolve(&all)
      }
      let parts = convolve(fixture, kernels) { arguments, weights in
        let size = weights.count / arguments.panels.count
        for panel in 0..<arguments.panels.count {
          let part = Floats(Array(weights[panel * size..<(panel + 1) * size]))
          var some = arguments
          some.weights = part.pointer
          some.firstPanel = panel
          some.panels = WorkRange(panel, panel + 1)
          withExtendedLifetime(part) { kernels.convolve(&some) }
        }
      }
      #expect(parts.isWrittenExactly && parts.bits == whole.bits, "\(fixture.geometry)")
    }
  }

  /// Some input channels at a time: the sums are added up in another order, and within what rounding explains
  /// of the plain loop's.
  @Test(arguments: testedKernels)
  func inputChannelsOneAfterTheOtherAreThePlainLoop(_ kernels: KernelTable) {
    var random = SeededGenerator(12)
    for _ in 0..<30 {
      let groups = random.pick([1, 1, 2])
      let fixture = Self.fixture(groups: groups, using: &random)
      let inputs = fixture.geometry.inputChannels / groups
      let cut = Int.random(in: 1..<max(inputs, 2), using: &random)
      let ranges = [WorkRange(0, cut), WorkRange(cut, inputs)].filter { $0.count > 0 }
      let output = convolve(fixture, kernels) { arguments, weights in
        for range in ranges {
          // Of each tap's rows of 16 those of the channels.
          let taps = weights.count / (inputs * 16)
          let part = Floats(
            (0..<taps).flatMap {
              weights[($0 * inputs + range.lower) * 16..<($0 * inputs + range.upper) * 16]
            })
          var some = arguments
          some.weights = part.pointer
          some.inputs = range
          some.beginsSums = range.lower == 0
          some.endsSums = range.upper == inputs
          withExtendedLifetime(part) { kernels.convolve(&some) }
        }
      }
      #expect(output.isWrittenExactly, "\(fixture.geometry)")
      #expect(fixture.firstError(in: output.values) == nil)
    }
  }

  private static func fixture(
    groups: Int = 1, using random: inout SeededGenerator
  ) -> WindowFixture {
    let channels = [2, 6, 10, 16, 34, 50, 64, 70, 130]
    let geometry = WindowGeometry.random(
      window: (random.pick([1, 1, 3]), random.pick([1, 1, 2, 3])),
      channels: (random.pick(channels), random.pick(channels)), largestInput: 12, using: &random)
    return WindowFixture(
      geometry, groups: groups, isScaled: Bool.random(using: &random),
      activation: random.pick([.linear, Activation(.relu)]), using: &random)
  }

  private func convolve(
    _ fixture: WindowFixture, _ kernels: KernelTable,
    _ body: (ConvolutionArguments, _ weights: [Float]) -> Void
  ) -> GuardedFloats {
    let output = GuardedFloats(count: fixture.geometry.batch * fixture.geometry.outputCount)
    let weights = fixture.packedKernel
    let (input, all) = (Floats(fixture.input), Floats(weights))
    let bias = Floats(fixture.padded(fixture.bias))
    let scale = fixture.scale.map { Floats(fixture.padded($0)) }
    let shift = fixture.shift.map { Floats(fixture.padded($0)) }
    withExtendedLifetime((input, all, bias, scale, shift)) {
      body(
        ConvolutionArguments(
          input: input.pointer, output: output.pointer, weights: all.pointer, bias: bias.pointer,
          scale: scale?.pointer, shift: shift?.pointer, activation: fixture.activation,
          geometry: fixture.geometry, groups: fixture.groups), weights)
    }
    return output
  }
}
