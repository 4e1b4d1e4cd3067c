import Kernel
import Network
import Testing
import Training

/// The gradients of single layers in training, against those that Keras computed: within 1e-4.
@Suite struct LayerGradientTests {
  /// Layers that say that they do not train: they make arrays of parts of a weight.
  static let refused: Set<String> = ["conv3d_groups", "gru"]

  @Test(arguments: GradientFixture.names)
  func areKerass(_ name: String) throws {
    let fixture = GradientFixture(name: name)
    let expected = try #require(GradientFixture.expected[name])
    let network = try fixture.network()
    func program() throws -> TrainingProgram {
      try TrainingProgram(
        network, objective: .init(.product), rule: nil, batch: GradientFixture.batchSize,
        givesInputGradients: true)
    }
    if Self.refused.contains(name) {
      #expect(throws: NetworkError.self) { _ = try program() }
      return
    }
    let session = try TrainingSession(program())
    let result = try run(session, fixture.inputs(of: network), fixture.factors(of: network))
    for (index, gradient) in result.enumerated() {
      let values = try #require(expected["input\(index)"])
      expectClose(TrainingFixture.sample(gradient), values, within: 1e-4)
    }
    for (index, variable) in session.program.variables.enumerated() {
      let values = try #require(expected["\(variable.name)"] ?? expected["kernel"])
      let found = variable.isTrainable ? session.gradient(index) : session.weight(index)
      expectClose(TrainingFixture.sample(try #require(found)), values, within: 1e-4)
    }
  }

  /// TensorFlow says `x >= y` and `x <= y` of the first of two.
  @Test(arguments: ["maximum", "minimum"]) func ofTwoAlikeTheFirstHasTheGradient(
    _ name: String
  ) throws {
    let fixture = GradientFixture(name: name)
    let network = try fixture.network()
    let program = try TrainingProgram(
      network, objective: .init(.product), rule: nil, batch: GradientFixture.batchSize,
      givesInputGradients: true)
    let inputs = fixture.inputs(of: network)
    let factors = fixture.factors(of: network)
    let result = try run(TrainingSession(program), [inputs[0], inputs[0]], factors)
    // Rounded by what a picture's loss counts.
    expectClose(result[0].values, factors.values, within: 1e-6)
    #expect(result[1].values.allSatisfy { $0 == 0 })
  }

  private func run(
    _ session: TrainingSession, _ inputs: [Tensor], _ factors: Tensor
  ) throws -> [Tensor] {
    let batch = GradientFixture.batchSize
    // A picture's loss is the mean of its rows': as many times that.
    let rows = Float(session.program.outputShape.dropLast().reduce(1, *))
    let weights = [Float](repeating: rows, count: batch)
    let memory = inputs.map { input in
      let copy = UnsafeMutablePointer<Float>.allocate(capacity: input.values.count)
      copy.initialize(from: input.values, count: input.values.count)
      return copy
    }
    defer { for copy in memory { copy.deallocate() } }
    let result = try session.run(
      count: batch, inputs: memory.map { UnsafePointer($0) }, targets: factors.values,
      weights: weights)
    return zip(inputs, result.inputGradients).map {
      Tensor(shape: $0.shape, values: Array($1))
    }
  }
}
