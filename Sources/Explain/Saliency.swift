import Network

/// How much the score changes with each pixel: the largest |∂score/∂pixel| of its channels.
///
/// Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks", 2013.
public struct Saliency: ExplanationMethod {
  public init() {}

  public var title: String { "saliency" }
  public var isSigned: Bool { false }

  public func targets(in network: Network, input: Int) throws -> ScoreGradient.Targets {
    ScoreGradient.Targets(inputs: [input])
  }

  public func values(for score: ExplainedScore) throws -> Tensor {
    let gradient = try score.gradients(ofPictures: 1) { _ in score.picture.values }[0]
    return Tensor(
      shape: Array(score.picture.shape.prefix(2)),
      values: Self.map(gradient, channels: score.picture.shape[2]))
  }

  /// The largest absolute value of each pixel's channels.
  static func map(_ gradient: [Float], channels: Int) -> [Float] {
    stride(from: 0, to: gradient.count, by: channels).map { first in
      gradient[first..<first + channels].reduce(0) { max($0, abs($1)) }
    }
  }
}
