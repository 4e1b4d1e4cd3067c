import Network
import Testing
import Training

/// Ten steps from Keras's weights with Keras's batches: the same weights within 1e-4.
///
/// By direct convolution, which rounds as Keras's does. The batches are such that rounding decides nothing: what a
/// disturbance of that size makes of the steps is in docs/numerics.md.
@Suite struct StepTests {
  static let combinations = StepsFixture.all.flatMap { fixture in
    fixture.optimizers.indices.map { (fixture, $0) }
  }

  @Test(arguments: combinations)
  func leaveKerassWeights(_ fixture: StepsFixture, _ index: Int) throws {
    let (name, optimizer) = fixture.optimizers[index]
    let expected = try #require(try fixture.expected()[name])
    let network = try fixture.network()
    let trainer = try Trainer(
      network, optimizer: optimizer, loss: fixture.loss, batchSize: fixture.batchSize,
      algorithm: .direct)
    for step in 0..<StepsFixture.stepCount {
      let batch = fixture.batch(step: step, of: network, optimizer: name)
      let result = try batch.input.values.withUnsafeBufferPointer { inputs in
        try batch.target.values.withUnsafeBufferPointer { targets in
          try trainer.step(count: fixture.batchSize, inputs: inputs, targets: targets)
        }
      }
      let loss = result.losses.reduce(0, +) / Float(fixture.batchSize)
      #expect(abs(loss - expected.losses[step]) <= 1e-4 * (1 + abs(expected.losses[step])))
    }
    let weights = try trainer.network.nodes.flatMap { $0.weights ?? [] }
    #expect(weights.count == expected.weights.count)
    for (weight, values) in zip(weights, expected.weights) {
      expectClose(TrainingFixture.sample(weight), values, within: 1e-4)
    }
  }
}
