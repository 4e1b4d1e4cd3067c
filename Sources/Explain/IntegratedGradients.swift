import Network

/// What each value of the picture adds to the score on the way from a baseline: the sum over all values is the
/// picture's score less the baseline's.
///
/// `(x − baseline) · ∫ ∂score/∂x` along the straight line, Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep
/// Networks", 2017; the integral is the sum of trapezoids over equal steps, as in TensorFlow's tutorial.
public struct IntegratedGradients: ExplanationMethod {
  /// Into how many parts the way is divided; gradients are taken at one place more.
  public var steps: Int
  /// What a picture of nothing is: one value, or one a channel.
  public var baseline: [Float]

  public init(steps: Int = 50, baseline: [Float] = [0]) {
    precondition(steps > 0, "\(steps) steps")
    self.steps = steps
    self.baseline = baseline
  }

  public var title: String { "integrated gradients" }
  public var isSigned: Bool { true }

  public func targets(in network: Network, input: Int) throws -> ScoreGradient.Targets {
    ScoreGradient.Targets(inputs: [input])
  }

  /// (rows, columns, channels).
  public func values(for score: ExplainedScore) throws -> Tensor {
    let picture = score.picture
    let baseline = try Baseline(self.baseline, channels: picture.shape[2])
    let size = picture.values.count
    let gradients = try score.gradients(ofPictures: steps + 1) { step in
      let share = Float(step) / Float(steps)
      return (0..<size).map { baseline[$0] + share * (picture.values[$0] - baseline[$0]) }
    }
    var sums = [Double](repeating: 0, count: size)
    for (step, gradient) in gradients.enumerated() {
      // Of a trapezoid each side is half, and all but the ends are sides of two.
      let weight = step == 0 || step == steps ? 0.5 : 1
      for index in 0..<size { sums[index] += weight * Double(gradient[index]) }
    }
    return Tensor(
      shape: picture.shape,
      values: (0..<size).map {
        Float(Double(picture.values[$0] - baseline[$0]) * sums[$0] / Double(steps))
      })
  }
}
