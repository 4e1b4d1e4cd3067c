import Network

/// A picture and the score of a class, as methods ask about them.
public struct ExplainedScore {
  /// The picture: (rows, columns, channels).
  public let picture: Tensor
  let gradient: ScoreGradient
  /// The network's inputs, a batch of one each.
  let inputs: [Tensor]
  /// The input that is the picture.
  let input: Int
  /// What each value is multiplied by in the score.
  let factors: [Float]

  /// How many pictures are run at a time.
  private static let batch = 16

  /// The score of other pictures in the place of this one.
  ///
  /// - Parameter picture: The values of each, in the shape of the picture.
  public func scores(ofPictures count: Int, _ picture: (Int) -> [Float]) throws -> [Float] {
    try each(count, picture) { result, row in self.score(result, row) }
  }

  /// The gradients of the score for other pictures in the place of this one, each in the shape of the picture.
  ///
  /// - Precondition: The method has asked for the gradient of the picture.
  public func gradients(ofPictures count: Int, _ picture: (Int) -> [Float]) throws -> [[Float]] {
    let size = self.picture.values.count
    return try each(count, picture) { result, row in
      Array(result.inputGradients[0].values[row * size..<(row + 1) * size])
    }
  }

  /// What the layer gives whose gradient the method has asked for, and that gradient, without the batch.
  public func layer() throws -> (output: Tensor, gradient: Tensor) {
    let (output, gradient) = try gradient.run(inputs, factors: factors).layers[0]
    let shape = Array(output.shape.dropFirst())
    return (
      Tensor(shape: shape, values: output.values), Tensor(shape: shape, values: gradient.values)
    )
  }

  /// The weighted sum of a picture's values.
  func score(_ result: ScoreGradient.Result, _ row: Int) -> Float {
    let first = row * factors.count
    return Float(
      factors.indices.reduce(0.0) {
        factors[$1] == 0 ? $0 : $0 + Double(factors[$1]) * Double(result.values.values[first + $1])
      })
  }

  private func each<Value>(
    _ count: Int, _ picture: (Int) -> [Float], _ value: (ScoreGradient.Result, Int) -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    for first in stride(from: 0, to: count, by: Self.batch) {
      let part = first..<min(first + Self.batch, count)
      let tensors = inputs.indices.map { index in
        Tensor(
          shape: [part.count] + inputs[index].shape.dropFirst(),
          values: part.flatMap { index == input ? picture($0) : inputs[index].values })
      }
      let result = try gradient.run(tensors, factors: factors)
      for row in 0..<part.count { values.append(value(result, row)) }
    }
    return values
  }
}
