import Network
import Testing
import Training

/// Gradients that are clipped by their norm, with what regularisers add to them: by the length of a step of plain
/// descent with a learning rate of one.
@Suite struct ClippingTests {
  private static func changes(
    _ clipping: Optimizer.Clipping?, threads: Int = 2
  ) throws -> [[Float]] {
    var network = try Sequential(input: [8, 8, 1]) {
      Conv2D(4, kernel: 3, activation: .relu)
      Flatten()
      Dense(3, activation: .softmax)
    }
    try network.initializeWeights(seed: 3)
    let dense = try #require(network.nodes.firstIndex { $0.name == "dense" })
    network.setOptions(
      WeightOptions(regularizers: ["kernel": Regularizer(l1: 0.01, l2: 0.5)]), ofNode: dense)
    let trainer = try Trainer(
      network, optimizer: .sgd(learningRate: 1, clipping: clipping), loss: SmallTraining.loss,
      batchSize: 4, threads: threads)
    try trainer.fit(try SmallTraining.items(4), FitOptions(epochs: 1, shuffles: false))
    let (before, after) = (network.nodes, try trainer.network.nodes)
    return zip(before, after).flatMap { old, new in
      zip(old.weights ?? [], new.weights ?? []).map { zip($0.values, $1.values).map { $1 - $0 } }
    }
  }

  private func norm(_ values: [Float]) -> Float {
    values.map { $0 * $0 }.reduce(0, +).squareRoot()
  }

  /// Within the rounding of weights that a difference is taken of.
  private func isClose(_ a: Float, _ b: Float) -> Bool { abs(a - b) < 1e-4 * max(a, b) + 1e-6 }

  @Test func eachGradientHasTheNorm() throws {
    let free = try Self.changes(nil)
    let limit = try #require(free.map(norm).sorted().dropFirst().first) * 0.9
    for (change, whole) in zip(try Self.changes(.norm(Double(limit))), free) {
      #expect(isClose(norm(change), min(norm(whole), limit)))
      let factor = min(1, limit / norm(whole))
      #expect(zip(change, whole).allSatisfy { isClose(abs($0), abs($1) * factor) })
    }
    #expect(free.contains { norm($0) > limit } && free.contains { norm($0) < limit })
  }

  @Test func allGradientsHaveItTogether() throws {
    let free = try Self.changes(nil)
    let whole = norm(free.flatMap { $0 })
    #expect(isClose(norm(try Self.changes(.globalNorm(0.01)).flatMap { $0 }), 0.01))
    #expect(isClose(norm(try Self.changes(.globalNorm(100)).flatMap { $0 }), whole))
    #expect(whole > 0.1 && whole < 100)
  }

  @Test func aLimitOfZeroIsNone() throws {
    let free = try Self.changes(nil)
    for clipping in [Optimizer.Clipping.norm(0), .globalNorm(0), .value(0)] {
      #expect(try Self.changes(clipping) == free)
    }
  }

  @Test func theThreadsDoNotMatter() throws {
    #expect(
      try Self.changes(.globalNorm(0.01), threads: 1)
        == Self.changes(.globalNorm(0.01), threads: 2))
  }
}
