import Kernel
import Testing

struct WinogradTests {
  /// Random sizes, channels and paddings, every instruction set and tile: within the rounding of the
  /// method of the plain loop's values, the same to the bit for those that fuse.
  @Test(arguments: [2, 4])
  func winogradIsThatOfThePlainLoop(tile: Int) {
    var random = SeededGenerator(UInt64(tile))
    for _ in 0..<60 {
      let fixture = Self.fixture(using: &random)
      let exact = (0..<fixture.geometry.batch * fixture.geometry.outputCount)
        .map { fixture.expected($0) }
      let tolerance = exact.reduce(0) { max($0, $1.tolerance) } * (tile == 2 ? 4 : 16)
      for kernels in testedKernels {
        let output = convolve(fixture, kernels, tile)
        #expect(output.isWrittenExactly, "\(fixture.geometry), \(kernels.testDescription)")
        let wrong = zip(output.values, exact).enumerated()
          .first { !(abs(Double($0.element.0) - $0.element.1.exact) <= tolerance) }
        #expect(
          wrong == nil,
          "\(String(describing: wrong)) ± \(tolerance), \(fixture.geometry), \(kernels.testDescription)"
        )
      }
      let results = fusingKernels.map { convolve(fixture, $0, tile).bits }
      #expect(results.allSatisfy { $0 == results[0] }, "\(fixture.geometry)")
    }
  }

  /// Any parts, in as little memory as there may be, give the same bits as the whole.
  @Test(arguments: [2, 4])
  func partsAreThoseOfTheWhole(tile: Int) {
    var random = SeededGenerator(UInt64(10 + tile))
    for _ in 0..<20 {
      let fixture = Self.fixture(using: &random)
      let tiles = Winograd.tileCount(fixture.geometry, tile: tile)
      let panels = Panel.count(fixture.geometry.outputChannels)
      for kernels in testedKernels {
        let whole = convolve(fixture, kernels, tile).bits
        let cut = Int.random(in: 0...tiles, using: &random)
        let byTiles = convolve(
          fixture, kernels, tile,
          parts: [
            (WorkRange(cut, tiles), WorkRange(0, panels)),
            (WorkRange(0, cut), WorkRange(0, panels)),
          ])
        #expect(byTiles.isWrittenExactly && byTiles.bits == whole, "\(fixture.geometry)")
        let panel = Int.random(in: 0...panels, using: &random)
        let byPanels = convolve(
          fixture, kernels, tile,
          parts: [
            (WorkRange(0, tiles), WorkRange(0, panel)),
            (WorkRange(0, tiles), WorkRange(panel, panels)),
          ], isSmall: true)
        #expect(byPanels.isWrittenExactly && byPanels.bits == whole, "\(fixture.geometry)")
      }
    }
  }

  @Test(arguments: [2, 4])
  func poolingIsThatOfTheResults(tile: Int) {
    var random = SeededGenerator(UInt64(20 + tile))
    for _ in 0..<30 {
      let fixture = Self.fixture(using: &random)
      for kernels in testedKernels {
        let plain = convolve(fixture, kernels, tile)
        let pooled = convolve(fixture, kernels, tile, isPooled: true)
        #expect(pooled.isWrittenExactly)
        #expect(pooled.bits == fixture.pooled(plain.values).map(\.bitPattern))
      }
    }
  }

  @Test(arguments: [2, 4])
  func addendsAreAddedBeforeTheActivation(tile: Int) {
    var random = SeededGenerator(UInt64(30 + tile))
    for _ in 0..<20 {
      var fixture = Self.fixture(using: &random)
      let activation = fixture.activation
      let addend = random.floats(fixture.geometry.batch * fixture.geometry.outputCount)
      for kernels in testedKernels {
        fixture.activation = activation
        let fused = convolve(fixture, kernels, tile, addend: addend)
        fixture.activation = .linear
        let plain = convolve(fixture, kernels, tile)
        let sums = GuardedFloats(zip(addend, plain.values).map { $0 + $1 })
        kernels.activate(activation, sums.input, sums.pointer, addend.count)
        #expect(fused.isWrittenExactly && fused.bits == sums.bits, "\(fixture.geometry)")
      }
    }
  }

  private static func fixture(using random: inout SeededGenerator) -> WindowFixture {
    let channels = [1, 2, 3, 10, 15, 16, 17, 30, 33, 50, 64, 70]
    let padding = (Int.random(in: 0...2, using: &random), Int.random(in: 0...2, using: &random))
    let input = (Int.random(in: 3...15, using: &random), Int.random(in: 3...15, using: &random))
    let geometry = WindowGeometry(
      batch: Int.random(in: 1...3, using: &random),
      input: (input.0, input.1, random.pick(channels)),
      output: (
        input.0 + padding.0 + Int.random(in: 0...1, using: &random) - 2,
        input.1 + padding.1 + Int.random(in: 0...1, using: &random) - 2, random.pick(channels)
      ), window: (3, 3), padding: padding)
    return WindowFixture(
      geometry, isScaled: Bool.random(using: &random),
      activation: random.pick([.linear, Activation(.relu), Activation(.reluBounded, alpha: 0.75)]),
      using: &random)
  }

  private func convolve(
    _ fixture: WindowFixture, _ kernels: KernelTable, _ tile: Int, isPooled: Bool = false,
    addend: [Float]? = nil, parts: [(tiles: WorkRange, panels: WorkRange)]? = nil,
    isSmall: Bool = false
  ) -> GuardedFloats {
    let geometry = fixture.geometry
    let output = GuardedFloats(count: fixture.outputCount(isPooled: isPooled))
    let input = Floats(fixture.input)
    let weights = Floats(fixture.winogradKernel(tile: tile))
    let bias = Floats(fixture.padded(fixture.bias))
    let scale = fixture.scale.map { Floats(fixture.padded($0)) }
    let shift = fixture.shift.map { Floats(fixture.padded($0)) }
    let addend = addend.map { Floats($0) }
    // As much as for all tiles, or for one.
    var covered = geometry
    if isSmall { (covered.batch, covered.outputHeight, covered.outputWidth) = (1, 1, 1) }
    let count = Winograd.scratchCount(covered, tile: tile)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
    defer { memory.deallocate() }
    let whole = (
      tiles: WorkRange(0, Winograd.tileCount(geometry, tile: tile)),
      panels: WorkRange(0, Panel.count(geometry.outputChannels))
    )
    withExtendedLifetime((input, weights, bias, scale, shift, addend)) {
      for part in parts ?? [whole] {
        kernels.convolveWinograd(
          WinogradArguments(
            input: input.pointer, output: output.pointer, weights: weights.pointer,
            bias: bias.pointer, scale: scale?.pointer, shift: shift?.pointer,
            addend: addend?.pointer, activation: fixture.activation, geometry: geometry,
            tile: tile, isPooled: isPooled,
            scratch: memory.bindMemory(to: Float.self, capacity: count), scratchCount: count,
            tiles: part.tiles, panels: part.panels))
      }
    }
    return output
  }
}

extension WindowFixture {
  func outputCount(isPooled: Bool) -> Int {
    isPooled
      ? geometry.batch * (geometry.outputHeight / 2) * (geometry.outputWidth / 2)
        * geometry.outputChannels
      : geometry.batch * geometry.outputCount
  }

  /// The maximum of every two by two values.
  func pooled(_ values: [Float]) -> [Float] {
    let g = geometry
    var result: [Float] = []
    for image in 0..<g.batch {
      for y in 0..<g.outputHeight / 2 {
        for x in 0..<g.outputWidth / 2 {
          for channel in 0..<g.outputChannels {
            func value(_ row: Int, _ column: Int) -> Float {
              let line = image * g.outputHeight + 2 * y + row
              return values[(line * g.outputWidth + 2 * x + column) * g.outputChannels + channel]
            }
            result.append(max(value(0, 0), value(0, 1), value(1, 0), value(1, 1)))
          }
        }
      }
    }
    return result
  }

  /// G g G' of each pair of channels, by the definition: `[place][panel][in][16]`.
  func winogradKernel(tile: Int) -> [Float] {
    let root = Double(2).squareRoot()
    let g: [[Double]]
    if tile == 2 {
      g = [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]]
    } else {
      let points: [Double] = [root / 2, -root / 2, root, -root]
      // Row i: (1, p, p²) divided by the product of the differences to the other points, 0 among them.
      let rows = points.map { p -> [Double] in
        let others = points.filter { $0 != p }.map { p - $0 }.reduce(p, *)
        return [1 / others, p / others, p * p / others]
      }
      g = [[1, 0, 0]] + rows + [[0, 0, 1]]
    }
    let (inputs, outputs) = (geometry.inputChannels, geometry.outputChannels)
    let panels = Panel.count(outputs)
    let edge = tile + 2
    var result = [Float](repeating: 0, count: edge * edge * panels * inputs * 16)
    for place in 0..<edge * edge {
      for input in 0..<inputs {
        for output in 0..<outputs {
          var sum = 0.0
          for tap in 0..<9 {
            sum +=
              g[place / edge][tap / 3] * g[place % edge][tap % 3]
              * Double(kernel[(tap * inputs + input) * outputs + output])
          }
          result[((place * panels + output / 16) * inputs + input) * 16 + output % 16] = Float(sum)
        }
      }
    }
    return result
  }
}
