import CNN
import Testing

/// Pictures that excite channels.
@Suite struct ActivationMaximisationTests {
  private func network() throws -> Network { try ExplainFixture("residual").network }

  /// The mean of a channel over all but the edges, as the network itself computes it.
  private func mean(
    _ network: Network, _ layer: String, _ channel: Int, _ picture: Tensor
  ) throws -> Double {
    let batch = Tensor(shape: [1] + picture.shape, values: picture.values)
    let maps = try #require(try network.activations(of: [layer], batch)[layer])
    let (rows, columns, channels) = (maps.shape[1], maps.shape[2], maps.shape[3])
    var sum = 0.0
    for row in 2..<rows - 2 {
      for column in 2..<columns - 2 {
        sum += Double(maps.values[(row * columns + column) * channels + channel])
      }
    }
    return sum / Double((rows - 4) * (columns - 4))
  }

  @Test(arguments: ["first", "added", "second_cut"], [0, 5])
  func excitesTheChannelMore(_ layer: String, _ channel: Int) throws {
    let network = try network()
    let result = try ActivationMaximisation(layer: layer, channel: channel, rate: 1).run(network)
    #expect(result.after > result.before)
    #expect(result.picture.shape == [12, 12, 3])
    let mean = try mean(network, layer, channel, result.picture)
    #expect(abs(Double(result.after) - mean) <= 1e-4 * abs(mean))
  }

  @Test func sameSeedGivesTheSamePicture() throws {
    let network = try network()
    func picture(_ seed: UInt64, threads: Int) throws -> Tensor {
      try ActivationMaximisation(layer: "added", channel: 1, steps: 5, seed: seed)
        .run(network, threads: threads).picture
    }
    let first = try picture(1, threads: 1)
    #expect(try picture(1, threads: 2) == first)
    #expect(try picture(2, threads: 1) != first)
  }

  @Test func staysWithinItsLimits() throws {
    let result = try ActivationMaximisation(layer: "added", channel: 1, limits: 0...1)
      .run(try network())
    #expect(result.picture.values.min() == 0 && result.picture.values.max() == 1)
    #expect(result.after > result.before)
  }

  /// Of the last layer, what the softmax is applied to: a probability would be at its end at once.
  @Test func aClassIsMaximisedInFrontOfItsSoftmax() throws {
    let network = try network()
    let result = try ActivationMaximisation(layer: "classes", channel: 2).run(network)
    let scores = try ActivationMaximisation(layer: "scores", channel: 2).run(network)
    #expect(result.after > 1 && result.picture == scores.picture)
  }

  @Test func saysWhatIsNotThere() throws {
    let network = try network()
    func message(_ layer: String, _ channel: Int) -> String {
      do {
        _ = try ActivationMaximisation(layer: layer, channel: channel).run(network)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message("first", 8) == "layer 'first': there is no channel 8; the layer has channels 0 to 7")
    #expect(message("nowhere", 0).hasPrefix("there is no layer 'nowhere'"))
  }

  /// What a ReLU lets nothing of through has no gradient, what the ReLU is applied to does.
  @Test func aChannelThatIsOffIsWokenUp() throws {
    var network = try Sequential(input: [5, 5, 1]) {
      Conv2D(1, kernel: 3, activation: .relu, name: "asleep")
    }
    try network.initializeWeights()
    try network.setWeights(
      [Tensor(shape: [3, 3, 1, 1], repeating: 0.1), Tensor(shape: [1], repeating: -2)], ofNode: 1)
    let result = try ActivationMaximisation(layer: "asleep", channel: 0).run(network)
    #expect(result.before == 0 && result.after > 1)
  }

  @Test func aDeadChannelIsNamed() throws {
    var network = try Sequential(input: [5, 5, 1]) {
      Conv2D(1, kernel: 3, activation: .relu, name: "dead")
    }
    try network.initializeWeights()
    try network.setWeights(
      [
        Tensor(shape: [3, 3, 1, 1], repeating: 0), Tensor(shape: [1], repeating: 1),
      ], ofNode: 1)
    #expect {
      try ActivationMaximisation(layer: "dead", channel: 0).run(network)
    } throws: {
      "\($0)".hasPrefix("layer 'dead': channel 0 does not answer to the picture")
    }
  }
}
