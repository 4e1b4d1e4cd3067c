import Network

/// A picture that excites a channel of a layer most, found by gradient ascent.
///
/// As Keras's example "Visualizing what convnets learn" does it (Chollet, 2020): from faint noise, each step adds the
/// gradient of the channel's mean, divided by its norm, times a rate. Two rows and columns at the edges of larger maps
/// do not count, for what they see is padding in part. Where the layer's ReLU lets nothing through, so that there is no
/// gradient, a step goes by that of what the ReLU is applied to.
public struct ActivationMaximisation: Sendable {
  /// The path of the layer.
  public var layer: String
  public var channel: Int
  public var steps: Int
  /// What the gradient of length 1 is multiplied by.
  public var rate: Double
  /// What the noise follows from.
  public var seed: UInt64
  /// What values a picture may have; without it any, and noise around 0.
  public var limits: ClosedRange<Float>?

  public init(
    layer: String, channel: Int, steps: Int = 30, rate: Double = 10, seed: UInt64 = 0,
    limits: ClosedRange<Float>? = nil
  ) {
    precondition(steps > 0, "\(steps) steps")
    self.layer = layer
    self.channel = channel
    self.steps = steps
    self.rate = rate
    self.seed = seed
    self.limits = limits
  }

  /// What was found.
  public struct Result: Sendable {
    /// The picture, in the shape of the network's input, without a batch.
    public var picture: Tensor
    /// The channel's mean for the noise, and for the picture: the largest of all steps.
    public var before: Float
    public var after: Float
  }

  /// The edge of a map that does not count, in places.
  private static let edge = 2

  /// Finds a picture for a network with one input of known size.
  ///
  /// - Throws: `NetworkError`, where there is no such layer or channel, a layer in front of it has no known
  ///   gradient, or the noise does not excite the channel at all.
  public func run(
    _ network: Network, threads: Int? = nil, algorithm: ConvolutionAlgorithm = .automatic
  ) throws -> Result {
    let path = try network.layerPath(layer)
    guard network.inputs.count == 1, let shape = network.inputShapes[0].known else {
      throw NetworkError(
        "a picture is found for models with one input of known size; this one's have shape "
          + network.inputShapes.map(\.description).joined(separator: ", "))
    }
    func makeGradient(of source: ScoreGradient.Source) throws -> ScoreGradient {
      try ScoreGradient(
        network, of: source, targets: ScoreGradient.Targets(inputs: [0]), threads: threads,
        algorithm: algorithm)
    }
    let isLast = network.outputs.count == 1 && network.outputNames[0] == path
    let gradient = try makeGradient(of: isLast ? .logits(ofOutput: 0) : .layer(path))
    var unactivated: ScoreGradient?
    let factors = try factors(gradient.valueShape, path)
    var picture = try start(shape)
    var found: Result?
    for step in 0...steps {
      let result = try gradient.run([picture], factors: factors)
      let score = Float(
        zip(factors, result.values.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) })
      // A step may lead too far: the best picture is the result.
      if score >= found?.after ?? score {
        found = Result(
          picture: Tensor(shape: shape, values: picture.values), before: found?.before ?? score,
          after: score)
      }
      if step == steps { break }
      var ascent = result.inputGradients[0].values
      if ascent.allSatisfy({ $0 == 0 }) {
        let other = try unactivated ?? makeGradient(of: .unactivated(layer: path))
        unactivated = other
        ascent = try other.run([picture], factors: factors).inputGradients[0].values
      }
      try climb(&picture, ascent, path)
    }
    guard let found else {
      throw NetworkError("channel \(channel) is not a number for any picture", layer: path)
    }
    return found
  }

  /// Noise of an eighth around the middle of -1 and 1, or as much of the limits.
  private func start(_ shape: [Int]) throws -> Tensor {
    let (low, high) = limits.map { (Double($0.lowerBound), Double($0.upperBound)) } ?? (-1, 1)
    let (middle, reach) = ((low + high) / 2, (high - low) / 16)
    var generator = SplitMix64(state: seed)
    return try Initializer.randomUniform(minimum: middle - reach, maximum: middle + reach)
      .tensor([1] + shape, using: &generator)
  }

  /// One over the number of places that count, in the channel; 0 elsewhere.
  private func factors(_ shape: [Int], _ path: String) throws -> [Float] {
    let channels = shape.last ?? 1
    guard (0..<channels).contains(channel) else {
      throw NetworkError(
        "there is no channel \(channel); the layer has channels 0 to \(channels - 1)", layer: path)
    }
    var counts = [Bool](repeating: true, count: shape.reduce(1, *) / channels)
    if shape.count == 3, shape[0] > 2 * Self.edge, shape[1] > 2 * Self.edge {
      for place in counts.indices {
        let (row, column) = (place / shape[1], place % shape[1])
        counts[place] =
          min(row, shape[0] - 1 - row) >= Self.edge
          && min(column, shape[1] - 1 - column) >= Self.edge
      }
    }
    let share = 1 / Float(counts.count(where: { $0 }))
    return (0..<counts.count * channels).map { index in
      index % channels == channel && counts[index / channels] ? share : 0
    }
  }

  /// One step.
  private func climb(_ picture: inout Tensor, _ gradient: [Float], _ path: String) throws {
    let squares = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard squares > 0 else {
      throw NetworkError(
        "channel \(channel) does not answer to the picture, so there is no way up; try another seed",
        layer: path)
    }
    // TensorFlow's l2_normalize.
    let factor = rate / max(squares, 1e-12).squareRoot()
    for index in gradient.indices {
      var value = Float(Double(picture.values[index]) + factor * Double(gradient[index]))
      if let limits { value = min(max(value, limits.lowerBound), limits.upperBound) }
      picture.values[index] = value
    }
  }
}
