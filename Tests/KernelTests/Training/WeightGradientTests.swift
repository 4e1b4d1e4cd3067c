import Kernel
import Testing

struct WeightGradientTests {
  @Test(arguments: TestedTraining.all)
  func gradientIsThatOfThePlainLoop(_ tested: TestedTraining) {
    var random = SeededGenerator(11)
    for height in 1...4 {
      for width in 1...4 {
        for _ in 0..<3 {
          let groups = random.pick([1, 1, 2])
          let channels = [1, 2, 3, 7, 8, 15, 16, 17, 33, 65]
          let geometry = WindowGeometry.random(
            window: (height, width),
            channels: (random.pick(channels) * groups, random.pick(channels) * groups),
            largestInput: 7, using: &random)
          check(WeightGradientFixture(geometry, groups: groups, using: &random), tested, &random)
        }
      }
    }
  }

  /// Pictures that are larger than the first cache, whose lines are gone through in several blocks.
  @Test(arguments: TestedTraining.all)
  func gradientOfLargePicturesIsThatOfThePlainLoop(_ tested: TestedTraining) {
    var random = SeededGenerator(15)
    let geometries = [
      WindowGeometry(
        batch: 3, input: (40, 40, 16), output: (40, 40, 33), window: (2, 3), padding: (1, 1)),
      WindowGeometry(
        batch: 2, input: (41, 37, 16), output: (20, 18, 40), window: (3, 3), stride: (2, 2)),
      WindowGeometry(batch: 2, input: (7, 200, 9), output: (6, 199, 64), window: (2, 2)),
      WindowGeometry(batch: 3, input: (14, 14, 130), output: (13, 13, 20), window: (2, 2)),
    ]
    for geometry in geometries {
      check(WeightGradientFixture(geometry, using: &random), tested, &random)
    }
  }

  /// Dense layers: one pixel a picture, all of them one after the other; long enough for several blocks.
  @Test(arguments: TestedTraining.all)
  func denseGradientIsThatOfThePlainLoop(_ tested: TestedTraining) {
    var random = SeededGenerator(12)
    for (inputs, outputs) in [(5, 3), (40, 16), (100, 70), (13, 130)] {
      let geometry = WindowGeometry(batch: 300, input: (1, 1, inputs), output: (1, 1, outputs))
      check(WeightGradientFixture(geometry, using: &random), tested, &random)
    }
  }

  /// The gradient is that of a maximum pooling behind the convolution, for every width, odd ones too.
  @Test(arguments: TestedTraining.all)
  func gradientReadsThatOfAPooling(_ tested: TestedTraining) {
    var random = SeededGenerator(13)
    for (window, inputs, outputs, groups) in [
      (3, 1, 64, 1), (5, 1, 30, 1), (2, 3, 16, 1), (3, 7, 20, 1), (3, 2, 5, 1), (2, 14, 72, 2),
    ] {
      for size in window + 1...window + 7 {
        let side = size - window + 1
        let geometry = WindowGeometry(
          batch: 2, input: (size, size + 1, inputs), output: (side, side + 1, outputs),
          window: (window, window))
        check(
          WeightGradientFixture(geometry, groups: groups, isPooled: true, using: &random), tested,
          &random)
      }
    }
  }

  /// Whatever the width of the vectors is, with channels that fill none of them, too.
  @Test(arguments: [3, 8, 12, 15, 16, 20, 33])
  func instructionSetsAddUpPooledBiasesInTheSameOrder(outputs: Int) {
    var random = SeededGenerator(UInt64(outputs))
    let geometry = WindowGeometry(
      batch: 3, input: (9, 8, 2), output: (7, 6, outputs), window: (3, 3))
    let fixture = WeightGradientFixture(geometry, isPooled: true, using: &random)
    let (input, given) = (Floats(fixture.input), Floats(fixture.given))
    let places = fixture.places.map { Floats($0) }
    let results = TestedTraining.all.map { tested in
      let weights = GuardedFloats(count: fixture.weightCount)
      let biases = GuardedFloats(count: fixture.biasCount)
      let scratch = GuardedFloats(
        count: WeightGradient.scratchCount(geometry, groups: 1))
      var arguments = WeightGradientArguments(
        input: input.pointer, outputGradient: given.pointer, gradient: weights.pointer,
        biasGradient: biases.pointer, geometry: geometry, scratch: scratch.pointer)
      arguments.places = places?.pointer
      withExtendedLifetime((input, given, places)) {
        tested.kernels.computeWeightGradient(arguments)
      }
      return biases.bits
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  /// The tolerance is that of F(4×4, 3×3): its transforms make errors up to sixteen times as large, and leave
  /// some where magnitudes are small.
  @Test(arguments: TestedTraining.all)
  func winogradGradientIsThatOfThePlainLoop(_ tested: TestedTraining) {
    var random = SeededGenerator(14)
    for (inputs, outputs) in [(1, 1), (12, 16), (16, 40), (33, 64), (64, 17), (20, 70)] {
      for _ in 0..<4 {
        let (height, width) = (
          Int.random(in: 1...11, using: &random), random.pick([1, 4, 7, 8, 13])
        )
        let padding = (random.pick([0, 1]), random.pick([0, 1]))
        let geometry = WindowGeometry(
          batch: Int.random(in: 1...5, using: &random),
          input: (height + 2 - 2 * padding.0 + random.pick([0, 1]), width + 2 - padding.1, inputs),
          output: (height, width, outputs), window: (3, 3), padding: padding)
        guard geometry.inputHeight > 0, geometry.inputWidth > 0 else { continue }
        checkWinograd(WeightGradientFixture(geometry, using: &random), tested)
      }
    }
  }

  private func check(
    _ fixture: WeightGradientFixture, _ tested: TestedTraining, _ random: inout SeededGenerator
  ) {
    let geometry = fixture.geometry
    let chunks = Int.random(in: 1...3, using: &random)
    let weights = GuardedFloats(count: chunks * fixture.weightCount)
    let biases = GuardedFloats(count: chunks * fixture.biasCount)
    let input = Floats(fixture.input)
    let given = Floats(fixture.given + [Float](repeating: .nan, count: 15))
    let places = fixture.places.map { Floats($0 + [Float](repeating: .nan, count: 15)) }
    let scratch = GuardedFloats(
      count: max(
        1,
        WeightGradient.scratchCount(geometry, groups: fixture.groups)))
    var arguments = WeightGradientArguments(
      input: input.pointer, outputGradient: given.pointer, gradient: weights.pointer,
      biasGradient: biases.pointer, geometry: geometry, groups: fixture.groups, chunks: chunks,
      scratch: scratch.pointer)
    arguments.places = places?.pointer
    tested.kernels.computeWeightGradient(arguments)
    // Unit by unit, as threads do it, and a second time on top.
    let units = WeightGradient.unitCount(geometry, fixture.groups, chunks: chunks)
    arguments.adds = true
    for unit in 0..<units {
      arguments.units = WorkRange(unit, unit + 1)
      tested.kernels.computeWeightGradient(arguments)
    }
    let (all, allBiases) = (weights.values, biases.values)
    for chunk in 0..<chunks {
      let pictures = geometry.batch * chunk / chunks..<geometry.batch * (chunk + 1) / chunks
      let error = fixture.firstError(
        weights: Array(all[chunk * fixture.weightCount..<(chunk + 1) * fixture.weightCount]),
        biases: Array(allBiases[chunk * fixture.biasCount..<(chunk + 1) * fixture.biasCount]),
        pictures: pictures, times: 2)
      #expect(error == nil)
    }
    #expect(weights.isWrittenExactly && biases.isWrittenExactly && scratch.isWrittenInside)
  }

  private func checkWinograd(_ fixture: WeightGradientFixture, _ tested: TestedTraining) {
    let geometry = fixture.geometry
    let weights = GuardedFloats(count: fixture.weightCount)
    let biases = GuardedFloats(count: fixture.biasCount)
    let (input, given) = (
      Floats(fixture.input), Floats(fixture.given + [Float](repeating: .nan, count: 15))
    )
    let count = WinogradGradient.scratchCount(geometry)
    let scratch = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
    scratch.initialize(repeating: .nan, count: count)
    defer { scratch.deallocate() }
    // `G` of the points 0, ±√½, ±√2, ∞.
    let (half, two) = (0.5.squareRoot(), 2.0.squareRoot())
    let points = [0, half, -half, two, -two]
    let lines = points.map { point -> [Float] in
      let product = points.reduce(1) { $1 == point ? $0 : $0 * (point - $1) }
      return [1, point, point * point].map { Float($0 / product) }
    }
    let matrix = Floats(lines.flatMap { $0 } + [0, 0, 1])
    for adds in [false, true] {
      tested.kernels.computeWinogradGradient(
        WinogradGradientArguments(
          input: input.pointer, outputGradient: given.pointer, gradient: weights.pointer,
          biasGradient: biases.pointer, geometry: geometry, matrix: matrix.pointer, adds: adds,
          scratch: scratch))
    }
    let error = fixture.firstError(
      weights: weights.values, biases: biases.values, pictures: 0..<geometry.batch, times: 2,
      factor: 16)
    #expect(error == nil)
    #expect(weights.isWrittenExactly && biases.isWrittenExactly)
  }
}
