import CNN
import Foundation
import Testing

/// What a user is told, and what follows from the methods' definitions.
@Suite struct ExplainerTests {
  private static let bundled = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Models/fashion-mnist.h5").path()

  private func picture(_ network: Network, seed: UInt64 = 1) throws -> Tensor {
    let random = CounterRandom(key: seed)
    let shape = [1] + (network.inputShapes[0].known ?? [])
    return Tensor(
      shape: shape,
      values: (0..<UInt64(shape.reduce(1, *))).map { Float(random.unit($0)) })
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch {
      return "\(error)"
    }
  }

  /// Sundararajan's completeness: within a hundredth of the difference, by 200 trapezoids over the kinks of
  /// the ReLUs.
  @Test func integratedGradientsAddUpToTheDifferenceOfScores() throws {
    let network = try Network(contentsOf: Self.bundled)
    let picture = try picture(network)
    let explanation = try network.explain(picture, by: IntegratedGradients(steps: 200))
    let nothing = try network.explain(
      Tensor(shape: picture.shape, repeating: 0), by: Occlusion(),
      classIndex: explanation.classIndex)
    let sum = explanation.values.values.reduce(0.0) { $0 + Double($1) }
    let difference = Double(explanation.score - nothing.score)
    #expect(abs(difference) > 1)
    #expect(abs(sum - difference) < 0.01 * abs(difference))
  }

  @Test func smoothGradFollowsFromItsSeed() throws {
    let fixture = try ExplainFixture("plain")
    func map(_ method: SmoothGrad) throws -> [Float] {
      try fixture.network.explain(fixture.picture(0), by: method, classIndex: 0).values.values
    }
    let first = try map(SmoothGrad(samples: 20, seed: 1))
    #expect(try map(SmoothGrad(samples: 20, seed: 1)) == first)
    #expect(try map(SmoothGrad(samples: 20, seed: 2)) != first)
    let saliency = try fixture.network.explain(fixture.picture(0), by: Saliency(), classIndex: 0)
    #expect(try map(SmoothGrad(samples: 1, noise: 0)) == saliency.values.values)
  }

  @Test func numberOfThreadsChangesNothing() throws {
    let network = try Network(contentsOf: Self.bundled)
    let picture = try picture(network)
    let maps = try [1, 3].map { threads in
      try Explainer(IntegratedGradients(steps: 9), network, threads: threads).explain([picture])
        .values
    }
    #expect(maps[0] == maps[1])
  }

  @Test func theLastLayerWithMapsIsGradCAMs() throws {
    let network = try Network(contentsOf: Self.bundled)
    let explainer = try Explainer(GradCAM(), network)
    #expect(explainer.targets.layers == ["pool_layer_4"])
    #expect(explainer.classCount == 10)
  }

  /// Of several places the score is the sum, as a segmentation's.
  @Test func scoresOfSeveralPlacesAreAddedUp() throws {
    var network = try Sequential(input: [6, 5, 2]) {
      Conv2D(3, kernel: 3, padding: .same, activation: .softmax)
    }
    try network.initializeWeights(seed: 3)
    let picture = try picture(network)
    let output = try network.predict(picture)[0]
    let explanation = try Explainer(Saliency(), network, fromProbabilities: true)
      .explain([picture], classIndex: 1)
    let sum = stride(from: 1, to: output.values.count, by: 3).reduce(0.0) {
      $0 + Double(output.values[$1])
    }
    #expect(abs(Double(explanation.score) - sum) < 1e-5)
    #expect(explanation.output == nil && explanation.values.shape == [6, 5])
  }

  @Test func pictureMayHaveNoChannels() throws {
    var network = try Sequential(input: [7, 6]) {
      Flatten()
      Dense(3, activation: .softmax)
    }
    try network.initializeWeights()
    let weights = try #require(network.nodes[2].weights?[0])
    let explanation = try network.explain(try picture(network), by: Saliency(), classIndex: 2)
    // The score is linear: its gradient is the class's weights.
    #expect(explanation.values.shape == [7, 6])
    #expect(explanation.values.values == (0..<42).map { abs(weights.values[$0 * 3 + 2]) })
  }

  @Test func layersWithoutAGradientAreNamedAndOcclusionDoesWithout() throws {
    let pooling = try AdaptivePooling(
      LayerConfiguration(
        className: "AdaptiveMaxPooling2D",
        values: ["output_size": .list([.integer(2), .integer(2)])]))
    var network = try Sequential(input: [7, 6, 1]) {
      Conv2D(4, kernel: 3)
      pooling
      Flatten()
      Dense(3, activation: .softmax)
    }
    try network.initializeWeights()
    let picture = try picture(network)
    #expect(
      message { _ = try network.explain(picture, by: Saliency()) }
        .contains("layer 'adaptive_max_pooling2d'"))
    let map = try network.explain(picture, by: Occlusion(window: 3)).values
    #expect(map.shape == [7, 6] && map.values.contains { $0 != 0 })
  }

  @Test func saysWhatCannotBeExplained() throws {
    let fixture = try ExplainFixture("plain")
    let (network, picture) = (fixture.network, fixture.picture(0))
    #expect(
      message { _ = try network.explain(picture, by: Saliency(), classIndex: 5) }
        == "there is no class 5; the output has classes 0 to 4")
    #expect(
      message { _ = try network.explain(picture, by: GradCAM(layer: "nowhere")) }
        .hasPrefix("there is no layer 'nowhere'; the layers are: first pooled"))
    #expect(
      message { _ = try network.explain(picture, by: GradCAM(layer: "hidden")) }
        .hasPrefix("layer 'hidden': it gives values of shape [10], which are no maps"))
    #expect(
      message { _ = try network.explain(picture, by: Occlusion(window: 13)) }
        == "the window is 13 pixels and the stride 6; expected a window of 1 to 12 and a stride of "
        + "1 to that")
    #expect(
      message { _ = try network.explain(picture, by: Occlusion(window: 2, stride: 3)) }
        .hasPrefix("the window is 2 pixels and the stride 3"))
    #expect(
      message { _ = try network.explain(picture, by: IntegratedGradients(baseline: [0, 0, 0])) }
        .hasPrefix("the baseline has 3 values; the picture has 2 channels"))
    #expect(
      message { _ = try Explainer(Saliency(), network, output: 1) }
        == "there is no output 1; the model has 1, counted from 0")
    var vector = try Sequential(input: [4]) { Dense(2) }
    try vector.initializeWeights()
    #expect(
      message { _ = try Explainer(Saliency(), vector) }
        .hasPrefix("the model takes no picture: its inputs have shape (None, 4)"))
    var dense = try Sequential(input: [4, 4]) {
      Flatten()
      Dense(2)
    }
    try dense.initializeWeights()
    #expect(
      message { _ = try Explainer(GradCAM(), dense) }.hasPrefix("no layer of the model gives maps"))
  }

  @Test func aLayerBesideTheScoreIsRefused() throws {
    let input = Input([5, 5, 1])
    let left = Conv2D(2, kernel: 3, name: "left").shared()
    let right = Conv2D(2, kernel: 3, name: "right").shared()
    let flat = Flatten().shared()
    var network = try Functional(
      inputs: [input],
      outputs: [Dense(2).shared()(flat(left(input))), flat(right(input))])
    try network.initializeWeights()
    #expect(
      message { _ = try Explainer(GradCAM(layer: "right"), network) }
        .hasPrefix("layer 'right': the score does not depend on it"))
  }
}
