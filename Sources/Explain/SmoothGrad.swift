import Network

/// The mean of the saliency over copies of the picture with noise.
///
/// Smilkov and others, "SmoothGrad: removing noise by adding noise", 2017. The noise is normally distributed, its
/// deviation a share of the picture's range.
public struct SmoothGrad: ExplanationMethod {
  /// How many copies there are.
  public var samples: Int
  /// The deviation over the range, the picture's greatest value less its least; the article has 0.1 to 0.2.
  public var noise: Double
  /// What the noise follows from.
  public var seed: UInt64

  public init(samples: Int = 50, noise: Double = 0.15, seed: UInt64 = 0) {
    precondition(samples > 0 && noise >= 0, "\(samples) samples with noise \(noise)")
    self.samples = samples
    self.noise = noise
    self.seed = seed
  }

  public var title: String { "SmoothGrad" }
  public var isSigned: Bool { false }

  public func targets(in network: Network, input: Int) throws -> ScoreGradient.Targets {
    ScoreGradient.Targets(inputs: [input])
  }

  public func values(for score: ExplainedScore) throws -> Tensor {
    let picture = score.picture
    let range = Double(picture.values.max() ?? 0) - Double(picture.values.min() ?? 0)
    var generator = SplitMix64(state: seed)
    let noise = try Initializer.randomNormal(deviation: self.noise * range)
      .tensor([samples] + picture.shape, using: &generator)
    return try Self.values(for: score, noise: noise)
  }

  /// The same with given noise: (copies, rows, columns, channels).
  static func values(for score: ExplainedScore, noise: Tensor) throws -> Tensor {
    let (picture, copies) = (score.picture, noise.shape[0])
    let size = picture.values.count
    let gradients = try score.gradients(ofPictures: copies) { copy in
      (0..<size).map { picture.values[$0] + noise.values[copy * size + $0] }
    }
    var sums = [Double](repeating: 0, count: size / picture.shape[2])
    for gradient in gradients {
      for (place, value) in Saliency.map(gradient, channels: picture.shape[2]).enumerated() {
        sums[place] += Double(value)
      }
    }
    return Tensor(
      shape: Array(picture.shape.prefix(2)), values: sums.map { Float($0 / Double(copies)) })
  }
}
