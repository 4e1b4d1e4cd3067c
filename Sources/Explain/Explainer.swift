import Network

/// Explains what a network says of pictures by one method; made once for all pictures of a size.
///
/// From one thread at a time. The results do not depend on the number of threads.
public final class Explainer<Method: ExplanationMethod> {
  public let method: Method
  /// What the method has gradients of.
  public let targets: ScoreGradient.Targets
  private let gradient: ScoreGradient
  /// The input that is the picture, and the output that is explained.
  private let input: Int
  private let output: Int

  /// Prepares a network of known sizes.
  ///
  /// - Parameters:
  ///   - output: Which of the network's outputs is explained.
  ///   - fromProbabilities: Whether the score is of the output itself, rather than of what its last softmax
  ///     or sigmoid is applied to. Keras's example of Grad-CAM removes the last layer's activation: where a
  ///     probability is close to 1 its gradient vanishes.
  ///   - threads: Nil for as many as `CNN_THREADS` says, or else as there are cores.
  /// - Throws: `NetworkError`, where the network takes no picture, or a layer has no known gradient.
  public init(
    _ method: Method, _ network: Network, output: Int = 0, fromProbabilities: Bool = false,
    threads: Int? = nil, algorithm: ConvolutionAlgorithm = .automatic
  ) throws {
    guard network.outputs.indices.contains(output) else {
      throw NetworkError(
        "there is no output \(output); the model has \(network.outputs.count), counted from 0")
    }
    self.method = method
    self.output = output
    input = try network.pictureInput()
    targets = try method.targets(in: network, input: input)
    gradient = try ScoreGradient(
      network, of: fromProbabilities ? .output(output) : .logits(ofOutput: output),
      targets: targets, threads: threads, algorithm: algorithm)
  }

  /// How many classes there are: the last axis of the output.
  public var classCount: Int { gradient.valueShape.last ?? 1 }

  /// Explains the score of a class. Where the output has several places, as a segmentation's has, the score is
  /// the sum over them.
  ///
  /// - Parameters:
  ///   - inputs: One tensor for each of the network's inputs, a batch of one.
  ///   - classIndex: Nil for the class with the largest score.
  /// - Throws: `NetworkError`, where the inputs are not the network's, or there is no such class.
  public func explain(_ inputs: [Tensor], classIndex: Int? = nil) throws -> Explanation {
    guard inputs.allSatisfy({ $0.shape.first == 1 }) else {
      throw NetworkError("one picture is explained at a time; expected batches of one")
    }
    let count = gradient.valueShape.reduce(1, *)
    let result = try gradient.run(inputs, factors: [Float](repeating: 0, count: count))
    let classes = classCount
    let index = classIndex ?? winner(result.values.values)
    guard (0..<classes).contains(index) else {
      throw NetworkError("there is no class \(index); the output has classes 0 to \(classes - 1)")
    }
    var picture = inputs[input]
    picture.shape.removeFirst()
    if picture.shape.count == 2 { picture.shape.append(1) }
    let score = ExplainedScore(
      picture: picture, gradient: gradient, inputs: inputs, input: input,
      factors: (0..<count).map { $0 % classes == index ? 1 : 0 })
    return Explanation(
      values: try method.values(for: score), classIndex: index, score: score.score(result, 0),
      output: count == classes ? result.outputs[output].values[index] : nil)
  }

  /// The class with the largest sum; of equal ones the lowest.
  private func winner(_ values: [Float]) -> Int {
    var sums = [Double](repeating: 0, count: classCount)
    for (place, value) in values.enumerated() { sums[place % classCount] += Double(value) }
    return sums.indices.max { sums[$0] < sums[$1] || sums[$0] == sums[$1] && $0 > $1 } ?? 0
  }
}

extension Network {
  /// Explains what the network says of a picture.
  ///
  /// For several pictures make an `Explainer` once.
  ///
  /// - Parameters:
  ///   - picture: The network's only input, with a batch of one.
  ///   - classIndex: Nil for the class with the largest score.
  public func explain(
    _ picture: Tensor, by method: some ExplanationMethod, classIndex: Int? = nil
  ) throws -> Explanation {
    guard inputs.count == 1 else {
      throw NetworkError("the model has \(inputs.count) inputs; make an Explainer for them")
    }
    let sized = try resized(inputShapes: [Shape(Array(picture.shape.dropFirst()))])
    return try Explainer(method, sized).explain([picture], classIndex: classIndex)
  }

  /// The first input with rows, columns and channels, or else with rows and columns.
  func pictureInput() throws -> Int {
    guard
      let index = inputShapes.firstIndex(where: { $0.rank == 3 })
        ?? inputShapes.firstIndex(where: { $0.rank == 2 })
    else {
      let shapes = inputShapes.map(\.description).joined(separator: ", ")
      throw NetworkError(
        "the model takes no picture: its inputs have shape \(shapes); expected rows, columns and "
          + "channels")
    }
    return index
  }
}
