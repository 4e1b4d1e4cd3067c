import Network
import Testing
import Training

/// The formulas here are those of the fixtures: what is computed forwards is what Keras gave.
@Suite struct FixtureTests {
  @Test(arguments: GradientFixture.names)
  func outputsAgree(_ name: String) throws {
    // In training it goes by the batch.
    if name.hasPrefix("batch_normalization") { return }
    let fixture = GradientFixture(name: name)
    let network = try fixture.network()
    let inference = try Inference(network, batch: GradientFixture.batchSize)
    let output = try inference.run(fixture.inputs(of: network))[0]
    let expected = try #require(GradientFixture.expected[name]?["output"])
    expectClose(TrainingFixture.sample(output), expected, within: 1e-5)
    #expect(fixture.factors(of: network).shape == output.shape)
  }

  @Test(arguments: GradientFixture.names)
  func everyGradientIsThere(_ name: String) throws {
    let fixture = GradientFixture(name: name)
    let network = try fixture.network()
    let expected = try #require(GradientFixture.expected[name])
    var counts = [fixture.factors(of: network)].map { TrainingFixture.sample($0).count }
    counts += fixture.inputs(of: network).map { TrainingFixture.sample($0).count }
    for node in network.nodes.indices {
      for weight in try network.weightSpecifications(ofNode: node) {
        counts.append(TrainingFixture.sample(Tensor(shape: weight.shape, repeating: 0)).count)
      }
    }
    #expect(expected.values.map(\.count).sorted() == counts.sorted())
  }

  /// The loss of the first step is that of the initial weights.
  @Test(arguments: StepsFixture.all)
  func firstLossesAgree(_ fixture: StepsFixture) throws {
    let network = try fixture.network()
    let inference = try Inference(network, batch: fixture.batchSize)
    let expected = try fixture.expected()
    #expect(expected.count == fixture.optimizers.count)
    for (optimizer, (losses, weights)) in expected {
      let batch = fixture.batch(step: 0, of: network, optimizer: optimizer)
      let output = try inference.run([batch.input])[0]
      let loss = LossReference.value(fixture.loss, output: output, target: batch.target)
      #expect(losses.count == StepsFixture.stepCount)
      #expect(abs(loss - Double(losses[0])) < 1e-5)
      let shapes = try network.nodes.indices.flatMap {
        try network.weightSpecifications(ofNode: $0).map(\.shape)
      }
      #expect(
        weights.map(\.count)
          == shapes.map { TrainingFixture.sample(Tensor(shape: $0, repeating: 0)).count })
    }
  }
}

/// Compares two arrays, each element within a share of itself and of one.
func expectClose(
  _ found: [Float], _ expected: [Float], within tolerance: Float,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, sourceLocation: sourceLocation)
  let wrong = zip(found, expected).enumerated().first {
    !(abs($0.element.0 - $0.element.1) <= tolerance * (1 + abs($0.element.1)))
  }
  #expect(wrong == nil, sourceLocation: sourceLocation)
}
