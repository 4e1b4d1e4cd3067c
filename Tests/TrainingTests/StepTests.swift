import Network
import Testing
import Training

/// Ten steps from Keras's weights with Keras's batches: the same weights within 1e-4.
///
/// By direct convolution, which rounds as Keras's does. Still, where a value comes to the other side of a ReLU's or a
/// pooling's edge by its rounding, the steps part: that is met by the network with the largest pictures, with the
/// optimisers whose steps are as long for small gradients as for large ones.
@Suite struct StepTests {
  static let combinations = StepsFixture.all.flatMap { fixture in
    StepsFixture.optimizers.indices.map { (fixture, $0) }
  }

  /// Where the last steps have parted: the weights are within 5e-3.
  static let parted: Set<String> = [
    "mnist-5x5 adam", "cats-and-dogs nesterov", "cats-and-dogs adam", "cats-and-dogs adamw",
    "cats-and-dogs adadelta", "cats-and-dogs nadam",
  ]
  /// The steps before which none has.
  static let stepsTogether = 7

  @Test(arguments: combinations)
  func leaveKerassWeights(_ fixture: StepsFixture, _ index: Int) throws {
    let (name, optimizer) = StepsFixture.optimizers[index]
    let expected = try #require(try fixture.expected()[name])
    let hasParted = Self.parted.contains("\(fixture.name) \(name)")
    let network = try fixture.network()
    let trainer = try Trainer(
      network, optimizer: optimizer, loss: fixture.loss, batchSize: fixture.batchSize,
      algorithm: .direct)
    for step in 0..<StepsFixture.stepCount {
      let batch = fixture.batch(step: step, of: network)
      let result = try batch.input.values.withUnsafeBufferPointer { inputs in
        try batch.target.values.withUnsafeBufferPointer { targets in
          try trainer.step(count: fixture.batchSize, inputs: inputs, targets: targets)
        }
      }
      let loss = result.losses.reduce(0, +) / Float(fixture.batchSize)
      if step >= Self.stepsTogether, hasParted { continue }
      #expect(abs(loss - expected.losses[step]) <= 1e-4 * (1 + abs(expected.losses[step])))
    }
    let weights = try trainer.network.nodes.flatMap { $0.weights ?? [] }
    #expect(weights.count == expected.weights.count)
    for (weight, values) in zip(weights, expected.weights) {
      expectClose(TrainingFixture.sample(weight), values, within: hasParted ? 5e-3 : 1e-4)
    }
  }
}
