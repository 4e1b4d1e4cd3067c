import Kernel
import Testing

struct ConvolutionTests {
  /// Every window up to 5×5 with random strides, dilations, paddings, channels and groups.
  @Test(arguments: 1...5)
  func convolutionIsThatOfThePlainLoop(windowHeight: Int) {
    var random = SeededGenerator(UInt64(windowHeight))
    for windowWidth in 1...5 {
      for _ in 0..<16 {
        let groups = random.pick([1, 1, 2, 4])
        var channels = [1, 2, 3, 5, 10, 15, 16, 17, 30, 33, 50, 64, 65, 70].map { $0 / groups }
        channels.removeAll { $0 == 0 }
        let geometry = WindowGeometry.random(
          window: (windowHeight, windowWidth),
          channels: (random.pick(channels) * groups, random.pick(channels) * groups),
          largestInput: 10, using: &random)
        check(
          WindowFixture(
            geometry, groups: groups, isScaled: Bool.random(using: &random),
            activation: random.pick(Self.activations), using: &random))
      }
    }
  }

  /// Rows of 1…26 pixels are split into tiles of every height, 1…12, channels into 1…4 vectors of
  /// each width, the last of them whole or in part. Sums of 64 products and more have taller tiles than others.
  @Test(arguments: [3, 4, 7, 8, 13, 16, 20, 32, 40, 48, 60, 64, 70])
  func everyTileIsComputed(outputs: Int) {
    var random = SeededGenerator(UInt64(outputs))
    for width in 1...26 {
      for inputs in [3, 12] {
        let geometry = WindowGeometry(
          batch: 1, input: (2, width, inputs), output: (2, width, outputs), window: (2, 3),
          padding: (0, 1))
        check(WindowFixture(geometry, activation: Activation(.relu), using: &random))
      }
    }
  }

  /// At the left and right edge tiles go down the columns, 1…26 pixels high, of several pictures.
  @Test(arguments: [3, 5, 8, 13, 16, 30, 32, 48, 70])
  func everyTileAtTheEdgesIsComputed(outputs: Int) {
    var random = SeededGenerator(UInt64(outputs))
    for height in 1...26 {
      let stride = random.pick([1, 1, 2])
      let width = random.pick([3, 5, 8])
      let geometry = WindowGeometry(
        batch: 2, input: (height * stride, width, 9),
        output: (height, random.pick([width, width + 1, width + 3]), outputs), window: (3, 3),
        stride: (stride, 1), padding: (random.pick([0, 1, 2]), random.pick([0, 1, 2])))
      check(
        WindowFixture(
          geometry, isScaled: Bool.random(using: &random),
          activation: random.pick(Self.activations), using: &random))
    }
  }

  /// With weights beyond the second cache a slice goes through all lines, of each group.
  @Test func edgesOfGroupsWithManyWeightsAreComputed() {
    var random = SeededGenerator(11)
    let geometry = WindowGeometry(
      batch: 2, input: (5, 4, 260), output: (5, 4, 260), window: (3, 3), padding: (1, 1))
    check(
      WindowFixture(
        geometry, groups: 2, isScaled: true, activation: Activation(.relu), using: &random))
  }

  @Test func longSumsAreThoseOfThePlainLoop() {
    var random = SeededGenerator(7)
    let dense = WindowGeometry(batch: 1, input: (1, 3, 5000), output: (1, 3, 20))
    let contiguous = WindowGeometry(
      batch: 1, input: (4, 5, 300), output: (4, 5, 18), window: (3, 3), padding: (1, 1))
    let dilated = WindowGeometry(
      batch: 2, input: (6, 6, 300), output: (3, 3, 5), window: (3, 3), stride: (2, 2),
      dilation: (2, 2), padding: (2, 1))
    for geometry in [dense, contiguous, dilated] {
      for groups in [1, geometry.outputChannels % 2 == 0 ? 2 : 5] {
        check(
          WindowFixture(
            geometry, groups: groups, isScaled: true, activation: Activation(.relu), using: &random)
        )
      }
    }
  }

  /// The terms are such that a sum beyond 8,192 drops almost half of the last bit of every one: added
  /// up one by one they would be off by 4, by 4,096 times the unit roundoff.
  @Test(arguments: testedKernels)
  func longSumsAreAddedUpInBlocks(_ kernels: KernelTable) {
    let count = 16384
    let weight: Float = 1 + 0x1p-11 - 0x1p-20
    var random = SeededGenerator(0)
    var fixture = WindowFixture(
      WindowGeometry(batch: 1, input: (1, 1, count), output: (1, 1, 1)), using: &random)
    fixture.input = Array(repeating: 1, count: count)
    fixture.kernel = Array(repeating: weight, count: count)
    fixture.bias = [0]
    let exact = Double(count) * Double(weight)
    let value = Double(convolve(fixture, kernels).values[0])
    #expect(abs(value - exact) < 32 * unitRoundoff * exact)
  }

  @Test(arguments: testedKernels)
  func windowsInThePaddingGiveTheBias(_ kernels: KernelTable) {
    var random = SeededGenerator(3)
    let geometry = WindowGeometry(
      batch: 2, input: (1, 2, 5), output: (9, 10, 17), window: (2, 2), dilation: (1, 2),
      padding: (4, 5))
    let fixture = WindowFixture(geometry, using: &random)
    check(fixture)
    let values = convolve(fixture, kernels).values
    for index in values.indices {
      let row = index / (17 * 10) % 9
      let column = index / 17 % 10
      if !(3...4).contains(row) || !(3...6).contains(column) {
        #expect(values[index] == fixture.bias[index % 17])
      }
    }
  }

  @Test(arguments: testedKernels)
  func notANumberPassesEveryActivation(_ kernels: KernelTable) {
    var random = SeededGenerator(4)
    for activation in Self.activations {
      var fixture = WindowFixture(
        WindowGeometry(batch: 1, input: (1, 3, 2), output: (1, 3, 17)), isScaled: true,
        activation: activation, using: &random)
      fixture.input[2] = .nan
      let values = convolve(fixture, kernels).values
      #expect(values.map(\.isNaN) == values.indices.map { $0 / 17 == 1 })
    }
  }

  /// Any parts of the lines, or of the panels, give the same bits as the whole.
  @Test func partsAreThoseOfTheWhole() {
    var random = SeededGenerator(5)
    for _ in 0..<40 {
      let fixture = Self.fixture(using: &random)
      let lines = Convolution.lineCount(fixture.geometry, groups: 1, isPooled: false)
      let panels = Panel.count(fixture.geometry.outputChannels)
      let line = Int.random(in: 0...lines, using: &random)
      let panel = Int.random(in: 0...panels, using: &random)
      for kernels in testedKernels {
        let whole = convolve(fixture, kernels).bits
        let byLines = convolve(
          fixture, kernels, lines: [WorkRange(line, lines), WorkRange(0, line)])
        #expect(byLines.isWrittenExactly && byLines.bits == whole, "\(fixture.geometry)")
        let byPanels = convolve(
          fixture, kernels, panels: [WorkRange(0, panel), WorkRange(panel, panels)])
        #expect(byPanels.isWrittenExactly && byPanels.bits == whole, "\(fixture.geometry)")
      }
    }
  }

  /// A thousand pixels of a pointwise convolution are more than a line.
  @Test func pointwiseLinesAreThoseOfThePlainLoop() {
    var random = SeededGenerator(6)
    for pixels in [1, 5, 47, 48, 95, 96, 97, 143, 1000] {
      let geometry = WindowGeometry(batch: 1, input: (1, pixels, 7), output: (1, pixels, 20))
      check(WindowFixture(geometry, activation: Activation(.relu), using: &random))
    }
  }

  /// Outputs among other values are those one behind the other, and the others stay as they are, however
  /// the work is divided.
  @Test func otherValuesBetweenTheOutputsStay() {
    var random = SeededGenerator(10)
    for index in 0..<120 {
      var fixture = Self.fixture(using: &random)
      // A third are pointwise: all pixels may be one row.
      if index % 3 == 0 {
        let size = random.pick([(1, 1), (1, 50), (7, 7), (10, 12)])
        let channels = (random.pick([1, 17, 40]), random.pick([1, 3, 16, 17, 31, 64, 70, 130]))
        fixture = WindowFixture(
          WindowGeometry(
            batch: random.pick([1, 2, 3]), input: (size.0, size.1, channels.0),
            output: (size.0, size.1, channels.1)), isScaled: Bool.random(using: &random),
          activation: random.pick(Self.activations), using: &random)
      }
      let geometry = fixture.geometry
      let isPooled = index % 4 == 3
      let divisor = isPooled ? 2 : 1
      let spaced = SpacedOutputs(
        batch: geometry.batch, height: geometry.outputHeight / divisor,
        width: geometry.outputWidth / divisor, channels: geometry.outputChannels, using: &random)
      let lines = Convolution.lineCount(
        geometry, groups: 1, isPooled: isPooled, spacing: spaced.spacing)
      let panels = Panel.count(geometry.outputChannels)
      let cuts = (
        Int.random(in: 0...lines, using: &random), Int.random(in: 0...panels, using: &random)
      )
      for kernels in testedKernels {
        let plain = convolve(fixture, kernels, isPooled: isPooled)
        let title = "\(geometry), \(spaced.spacing), \(kernels.testDescription)"
        if !isPooled { #expect(fixture.firstError(in: plain.values) == nil, "\(title)") }
        let output = convolve(
          fixture, kernels, isPooled: isPooled,
          lines: [WorkRange(cuts.0, lines), WorkRange(0, cuts.0)],
          panels: [WorkRange(0, cuts.1), WorkRange(cuts.1, panels)], spaced: spaced)
        #expect(output.isWritten(exactlyAt: spaced.places), "\(title)")
        #expect(spaced.bits(output) == plain.bits, "\(title)")
      }
    }
  }

  @Test func poolingIsThatOfTheResults() {
    var random = SeededGenerator(8)
    for _ in 0..<40 {
      let fixture = Self.fixture(using: &random)
      let lines = Convolution.lineCount(fixture.geometry, groups: 1, isPooled: true)
      for kernels in testedKernels {
        let plain = convolve(fixture, kernels)
        let pooled = convolve(
          fixture, kernels, isPooled: true,
          lines: [WorkRange(0, lines / 2), WorkRange(lines / 2, lines)])
        #expect(pooled.isWrittenExactly)
        #expect(pooled.bits == fixture.pooled(plain.values).map(\.bitPattern))
      }
    }
  }

  /// Pooled lines of 1…12 outputs are split into tiles of one, two and three, channels into 1…4 vectors, of whole
  /// groups. With padding an output at the left or right edge is a tile by itself, and the lines at the top and at the
  /// bottom are computed row by row.
  @Test(arguments: [3, 5, 8, 13, 16, 30, 32, 40, 48, 60, 64, 70])
  func everyPooledTileIsComputed(outputs: Int) {
    var random = SeededGenerator(UInt64(outputs))
    for width in 2...25 {
      let groups = outputs % 2 == 0 ? random.pick([1, 1, 2]) : 1
      let (padding, dilation) = (random.pick([0, 1]), random.pick([1, 1, 2]))
      let height = random.pick([3, 8, 29])
      let stride = random.pick([1, 1, 2])
      // At the far edges windows are cut off, too, or end before them.
      let rest = 2 * dilation - 2 * padding + random.pick([0, 1])
      let fixture = WindowFixture(
        WindowGeometry(
          batch: 2,
          input: (
            (height - 1) * stride + 1 + rest, (width - 1) * stride + 1 + rest,
            random.pick([1, 3, 24]) * groups
          ),
          output: (height, width, outputs), window: (3, 3), stride: (stride, stride),
          dilation: (dilation, dilation), padding: (padding, padding)), groups: groups,
        isScaled: Bool.random(using: &random),
        activation: random.pick(Self.activations), using: &random)
      let lines = Convolution.lineCount(fixture.geometry, groups: groups, isPooled: true)
      let cut = Int.random(in: 0...lines, using: &random)
      for kernels in testedKernels {
        let plain = convolve(fixture, kernels)
        let pooled = convolve(
          fixture, kernels, isPooled: true, lines: [WorkRange(cut, lines), WorkRange(0, cut)])
        #expect(pooled.isWrittenExactly)
        #expect(
          pooled.bits == fixture.pooled(plain.values).map(\.bitPattern),
          "\(fixture.geometry), \(kernels.testDescription)")
      }
    }
  }

  @Test func addendsAreAddedBeforeTheActivation() {
    var random = SeededGenerator(9)
    for _ in 0..<40 {
      var fixture = Self.fixture(using: &random)
      let activation = fixture.activation
      let addend = random.floats(fixture.geometry.batch * fixture.geometry.outputCount)
      for kernels in testedKernels {
        fixture.activation = activation
        let fused = convolve(fixture, kernels, addend: addend)
        fixture.activation = .linear
        let plain = convolve(fixture, kernels)
        let sums = GuardedFloats(zip(addend, plain.values).map { $0 + $1 })
        kernels.activate(activation, sums.input, sums.pointer, addend.count)
        #expect(fused.isWrittenExactly && fused.bits == sums.bits, "\(fixture.geometry)")
      }
    }
  }

  private static func fixture(using random: inout SeededGenerator) -> WindowFixture {
    let channels = [1, 3, 5, 10, 15, 16, 17, 30, 33, 50, 64, 70, 130]
    let geometry = WindowGeometry.random(
      window: (random.pick([1, 2, 3]), random.pick([1, 2, 3])),
      channels: (random.pick(channels), random.pick(channels)), largestInput: 12, using: &random)
    return WindowFixture(
      geometry, isScaled: Bool.random(using: &random), activation: random.pick(activations),
      using: &random)
  }

  private static let activations: [Activation] = [
    .linear, Activation(.relu), Activation(.reluBounded, alpha: 0.75),
  ]

  /// Compares every instruction set with the plain loop, those that fuse with each other, and fused
  /// with separate steps.
  private func check(_ fixture: WindowFixture) {
    for kernels in testedKernels {
      let output = convolve(fixture, kernels)
      #expect(output.isWrittenExactly, "\(fixture.geometry), \(kernels.testDescription)")
      let error = fixture.firstError(in: output.values)
      #expect(error == nil, "\(kernels.testDescription)")
      #expect(
        output.bits == convolveInSteps(fixture, kernels).bits,
        "\(fixture.geometry), \(kernels.testDescription)")
    }
    let results = fusingKernels.map { convolve(fixture, $0).bits }
    #expect(results.allSatisfy { $0 == results[0] }, "\(fixture.geometry)")
  }

  private func convolve(
    _ fixture: WindowFixture, _ kernels: KernelTable, isPooled: Bool = false,
    addend: [Float]? = nil, lines: [WorkRange]? = nil, panels: [WorkRange]? = nil,
    spaced: SpacedOutputs? = nil
  ) -> GuardedFloats {
    let output = GuardedFloats(count: spaced?.count ?? fixture.outputCount(isPooled: isPooled))
    let scratch = UnsafeMutablePointer<Float>.allocate(
      capacity: Convolution.scratchCount(fixture.geometry))
    defer { scratch.deallocate() }
    let addend = addend.map { Floats($0) }
    let input = Floats(fixture.input)
    let weights = Floats(fixture.packedKernel)
    let bias = Floats(fixture.padded(fixture.bias))
    let scale = fixture.scale.map { Floats(fixture.padded($0)) }
    let shift = fixture.shift.map { Floats(fixture.padded($0)) }
    withExtendedLifetime((input, weights, bias, scale, shift, addend)) {
      var arguments = ConvolutionArguments(
        input: input.pointer, output: output.pointer, weights: weights.pointer,
        bias: bias.pointer, scale: scale?.pointer, shift: shift?.pointer,
        addend: addend?.pointer, activation: fixture.activation, geometry: fixture.geometry,
        groups: fixture.groups, isPooled: isPooled, scratch: scratch, spacing: spaced?.spacing)
      for lines in lines ?? [arguments.lines] {
        for panels in panels ?? [arguments.panels] {
          arguments.lines = lines
          arguments.panels = panels
          kernels.convolve(&arguments)
        }
      }
    }
    return output
  }

  /// The convolution, then the scale and shift, then the activation: what fusing must not change.
  private func convolveInSteps(_ fixture: WindowFixture, _ kernels: KernelTable) -> GuardedFloats {
    var plain = fixture
    plain.scale = nil
    plain.shift = nil
    plain.activation = .linear
    let output = convolve(plain, kernels)
    let channels = fixture.geometry.outputChannels
    let count = fixture.geometry.batch * fixture.geometry.outputCount
    let padding = [Float](repeating: 0, count: Panel.count(channels) * 16 - channels)
    if let scale = fixture.scale, let shift = fixture.shift {
      let scale = Floats(scale + padding)
      let shift = Floats(shift + padding)
      withExtendedLifetime((scale, shift)) {
        kernels.scaleAndShift(
          output.input, output.pointer, scale.pointer, shift.pointer, count / channels, channels)
      }
    }
    kernels.activate(fixture.activation, output.input, output.pointer, count)
    return output
  }
}
