import Kernel
import Testing

struct WinogradTests {
  /// Every tile size with random sizes, paddings, channels and everything that can follow.
  @Test(arguments: [2, 4], 0..<8)
  func convolutionIsThatOfThePlainLoop(tile: Int, seed: Int) {
    var random = SeededGenerator(UInt64(tile * 100 + seed))
    for _ in 0..<8 {
      let isPooled = Bool.random(using: &random)
      let geometry = Self.geometry(
        largest: 15, channels: (random.pick(Self.channels), random.pick(Self.channels)),
        using: &random)
      check(
        WinogradFixture(
          geometry, tile: tile, isPooled: isPooled, isScaled: Bool.random(using: &random),
          isAdded: !isPooled && Bool.random(using: &random),
          activation: random.pick(Self.activations), using: &random),
        using: &random)
    }
  }

  /// Matrices of 1…30 tiles by one to four panels: every register tile.
  @Test(arguments: [2, 4], [7, 20, 40, 64, 70])
  func everyRegisterTileIsComputed(tile: Int, outputs: Int) {
    var random = SeededGenerator(UInt64(tile + outputs))
    for tiles in 1...30 {
      let geometry = WindowGeometry(
        batch: 1, input: (2, tile * tiles, 3), output: (2, tile * tiles, outputs), window: (3, 3),
        padding: (1, 1))
      check(
        WinogradFixture(geometry, tile: tile, activation: Activation(.relu), using: &random),
        using: &random)
    }
  }

  /// Several blocks of tiles, several slices of panels.
  @Test(arguments: [2, 4])
  func severalBlocksAreComputed(tile: Int) {
    var random = SeededGenerator(UInt64(tile))
    let geometry = WindowGeometry(
      batch: 2, input: (tile * 6 + 1, tile * 7 + 1, 20), output: (tile * 6, tile * 7, 150),
      window: (3, 3), padding: (1, 0))
    check(
      WinogradFixture(geometry, tile: tile, isScaled: true, isAdded: true, using: &random),
      using: &random)
  }

  /// Outputs among other values are those one behind the other, and the others stay as they are.
  @Test(arguments: [2, 4])
  func otherValuesBetweenTheOutputsStay(tile: Int) {
    var random = SeededGenerator(UInt64(10 + tile))
    for _ in 0..<24 {
      let isPooled = Bool.random(using: &random)
      let geometry = Self.geometry(
        largest: 15, channels: (random.pick(Self.channels), random.pick(Self.channels)),
        using: &random)
      let fixture = WinogradFixture(
        geometry, tile: tile, isPooled: isPooled, isScaled: Bool.random(using: &random),
        activation: random.pick(Self.activations), using: &random)
      let divisor = isPooled ? 2 : 1
      let spaced = SpacedOutputs(
        batch: geometry.batch, height: geometry.outputHeight / divisor,
        width: geometry.outputWidth / divisor, channels: geometry.outputChannels, using: &random)
      let cuts = (
        Int.random(in: 0...Winograd.tileCount(geometry, tile: tile), using: &random),
        Int.random(in: 0...Panel.count(geometry.outputChannels), using: &random)
      )
      let (expected, tolerance) = fixture.expected()
      for kernels in testedKernels {
        let plain = convolve(fixture, kernels)
        let title = "\(geometry), \(spaced.spacing), \(kernels.testDescription)"
        let isClose = zip(plain.values, expected).allSatisfy { abs(Double($0) - $1) <= tolerance }
        #expect(isClose, "\(title)")
        let output = convolve(fixture, kernels, cuts: cuts, spaced: spaced)
        #expect(output.isWritten(exactlyAt: spaced.places), "\(title)")
        #expect(spaced.bits(output) == plain.bits, "\(title)")
      }
    }
  }

  @Test(arguments: testedKernels)
  func notANumberPassesEveryActivation(_ kernels: KernelTable) {
    var random = SeededGenerator(4)
    for tile in [2, 4] {
      for activation in Self.activations {
        for isPooled in [false, true] {
          let geometry = WindowGeometry(
            batch: 1, input: (tile + 2, tile + 2, 2), output: (tile, tile, 17), window: (3, 3))
          var fixture = WinogradFixture(
            geometry, tile: tile, isPooled: isPooled, isScaled: true, activation: activation,
            using: &random)
          fixture.window.input[(tile + 3) * 2] = .nan
          #expect(convolve(fixture, kernels).values[0].isNaN)
        }
      }
    }
  }

  private static let channels = [1, 3, 10, 15, 16, 30, 50, 64, 70]

  private static let activations: [Activation] = [
    .linear, Activation(.relu), Activation(.reluBounded, alpha: 0.75),
  ]

  /// Inputs of up to `largest` pixels a side, padded by up to two on each side.
  private static func geometry(
    largest: Int, channels: (input: Int, output: Int), using random: inout SeededGenerator
  ) -> WindowGeometry {
    func side() -> (input: Int, output: Int, before: Int) {
      let (before, after) = random.pick([(0, 0), (1, 1), (0, 1), (2, 1), (2, 2)])
      let input = Int.random(in: max(1, 3 - before - after)...largest, using: &random)
      return (input, input + before + after - 2, before)
    }
    let (y, x) = (side(), side())
    return WindowGeometry(
      batch: Int.random(in: 1...3, using: &random), input: (y.input, x.input, channels.input),
      output: (y.output, x.output, channels.output), window: (3, 3), padding: (y.before, x.before))
  }

  /// Compares every instruction set with the plain loop, those that fuse with each other, and a whole
  /// convolution with one computed in parts.
  private func check(_ fixture: WinogradFixture, using random: inout SeededGenerator) {
    let (expected, tolerance) = fixture.expected()
    let tiles = Winograd.tileCount(fixture.geometry, tile: fixture.tile)
    let panels = Panel.count(fixture.geometry.outputChannels)
    let cuts = (
      Int.random(in: 0...tiles, using: &random), Int.random(in: 0...panels, using: &random)
    )
    for kernels in testedKernels {
      let output = convolve(fixture, kernels)
      let title = "\(fixture.geometry), \(fixture.tile), \(kernels.testDescription)"
      #expect(output.isWrittenExactly, "\(title)")
      let values = output.values
      let isClose = zip(values, expected).allSatisfy { abs(Double($0) - $1) <= tolerance }
      #expect(isClose, "\(title)")
      #expect(output.bits == convolve(fixture, kernels, cuts: cuts).bits, "\(title), \(cuts)")
    }
    let results = fusingKernels.map { convolve(fixture, $0).bits }
    #expect(results.allSatisfy { $0 == results[0] }, "\(fixture.geometry)")
  }

  /// The convolution as a whole, or in four parts of some tiles and some panels.
  private func convolve(
    _ fixture: WinogradFixture, _ kernels: KernelTable, cuts: (tile: Int, panel: Int) = (0, 0),
    spaced: SpacedOutputs? = nil
  ) -> GuardedFloats {
    let geometry = fixture.geometry
    let window = fixture.window
    let output = GuardedFloats(count: spaced?.count ?? fixture.outputCount)
    let input = Floats(window.input)
    let weights = Floats(fixture.transformedKernel)
    let bias = Floats(window.padded(window.bias))
    let scale = window.scale.map { Floats(window.padded($0)) }
    let shift = window.shift.map { Floats(window.padded($0)) }
    let addend = fixture.addend.map { Floats($0) }
    let tiles = Winograd.tileCount(geometry, tile: fixture.tile)
    let panels = Panel.count(geometry.outputChannels)
    // Of exactly the asked size, for AddressSanitizer, and full of NaN: it need not be zero.
    let count = Winograd.scratchCount(geometry, tile: fixture.tile)
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 4, alignment: 64)
    scratch.initializeMemory(as: Float.self, repeating: .nan)
    defer { scratch.deallocate() }
    withExtendedLifetime((input, weights, bias, scale, shift, addend)) {
      for (lower, upper) in [(0, cuts.tile), (cuts.tile, tiles)] {
        for (first, end) in [(0, cuts.panel), (cuts.panel, panels)] {
          kernels.convolveWinograd(
            WinogradArguments(
              input: input.pointer, output: output.pointer, weights: weights.pointer,
              bias: bias.pointer, scale: scale?.pointer, shift: shift?.pointer,
              addend: addend?.pointer, activation: window.activation, geometry: geometry,
              tile: fixture.tile, isPooled: fixture.isPooled,
              scratch: scratch.baseAddress!.assumingMemoryBound(to: Float.self),
              scratchCount: count, tiles: WorkRange(lower, upper), panels: WorkRange(first, end),
              spacing: spaced?.spacing))
        }
      }
    }
    return output
  }
}
