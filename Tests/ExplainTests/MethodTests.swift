import Explain
import Network
import Testing

/// What each method says is what TensorFlow's gradients say.
///
/// Within 1e-4 of the largest number: gradients are sums of products in another order, through a few layers.
@Suite struct MethodTests {
  private static let tolerance: Float = 1e-4

  private func expectAgreement(
    _ fixture: ExplainFixture, _ method: some ExplanationMethod, _ name: String
  ) throws {
    let expected = fixture.expected(name)
    #expect(expected.count >= 2)
    for (picture, index, values) in expected {
      let explanation = try fixture.network.explain(
        fixture.picture(picture), by: method, classIndex: index)
      let distance = relativeDistance(explanation.values, values)
      #expect(distance < Self.tolerance, "picture \(picture), class \(index)")
    }
  }

  @Test(arguments: ExplainFixture.names) func gradCAM(_ name: String) throws {
    let fixture = try ExplainFixture(name)
    try expectAgreement(fixture, GradCAM(), "gradcam")
    let early = name == "mobile" ? "depthwise" : "first"
    try expectAgreement(fixture, GradCAM(layer: early), "gradcam:\(early)")
  }

  @Test(arguments: ExplainFixture.names) func saliency(_ name: String) throws {
    try expectAgreement(ExplainFixture(name), Saliency(), "saliency")
  }

  @Test(arguments: ExplainFixture.names) func smoothGrad(_ name: String) throws {
    let fixture = try ExplainFixture(name)
    let noise = try #require(fixture["noise"])
    try expectAgreement(fixture, SmoothGradWithNoise(noise: noise), "smoothgrad")
  }

  @Test(arguments: ExplainFixture.names) func integratedGradients(_ name: String) throws {
    try expectAgreement(
      ExplainFixture(name),
      IntegratedGradients(steps: ExplainFixture.steps, baseline: ExplainFixture.baseline),
      "integrated-gradients")
  }

  @Test(arguments: ExplainFixture.names) func occlusion(_ name: String) throws {
    try expectAgreement(ExplainFixture(name), ExplainFixture.occlusion, "occlusion")
  }

  /// The winner is Keras's, its score the value in front of the last activation, its output the probability.
  @Test(arguments: ExplainFixture.names) func winnersAndScores(_ name: String) throws {
    let fixture = try ExplainFixture(name)
    let outputs = try #require(fixture["outputs"])
    for picture in 0..<2 {
      let explanation = try fixture.network.explain(fixture.picture(picture), by: Saliency())
      let winner = try #require(fixture["\(picture)/winner"]).values[0]
      #expect(explanation.classIndex == Int(winner))
      let score = try #require(fixture["\(picture)/\(Int(winner))/score"]).values[0]
      #expect(abs(explanation.score - score) <= 1e-5 + 1e-5 * abs(score))
      let probability = outputs.values[picture * outputs.shape[1] + Int(winner)]
      #expect(abs(try #require(explanation.output) - probability) <= 1e-5)
    }
  }

  @Test(arguments: ExplainFixture.names) func probabilitiesHaveTheirOwnGradient(
    _ name: String
  ) throws {
    let fixture = try ExplainFixture(name)
    let expected = try #require(fixture["probability"])
    let explainer = try Explainer(Saliency(), fixture.network, fromProbabilities: true)
    for picture in 0..<2 {
      let size = expected.values.count / 2
      let own = Tensor(
        shape: Array(expected.shape.dropFirst()),
        values: Array(expected.values[picture * size..<(picture + 1) * size]))
      let explanation = try explainer.explain([fixture.picture(picture)], classIndex: 0)
      #expect(relativeDistance(explanation.values, own) < Self.tolerance)
      #expect(explanation.score == explanation.output)
    }
  }
}
