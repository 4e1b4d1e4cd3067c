import Network

/// Which parts of a picture a score depends on, by one method.
public struct Explanation: Sendable {
  /// The method's numbers: (rows, columns), or with the channels as last axis.
  public var values: Tensor
  /// The class whose score is explained.
  public var classIndex: Int
  /// The score: the value in front of the last softmax or sigmoid, unless probabilities were asked for.
  public var score: Float
  /// What the network's output says of the class; nil where it has several places.
  public var output: Float?

  /// The numbers as one map (rows, columns): with channels their sum.
  public var map: Tensor {
    guard values.shape.count == 3 else { return values }
    let channels = values.shape[2]
    return Tensor(
      shape: Array(values.shape.prefix(2)),
      values: stride(from: 0, to: values.values.count, by: channels).map { first in
        Float(values.values[first..<first + channels].reduce(0.0) { $0 + Double($1) })
      })
  }
}
