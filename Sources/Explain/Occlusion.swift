import Network

/// How much the score drops where a window of the picture is hidden.
///
/// Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2013. Windows begin every `stride`
/// pixels, the last ones at the edges; a pixel's number is the mean of the drops by the windows that cover it. No
/// gradients are needed, so any layer will do.
public struct Occlusion: ExplanationMethod {
  /// The side of the square that is hidden, in pixels; nil for a sixth of the picture's shorter side.
  public var window: Int?
  /// From one window to the next, in pixels, at most `window`; nil for half a window.
  public var stride: Int?
  /// What the window is set to: one value, or one a channel.
  public var baseline: [Float]

  public init(window: Int? = nil, stride: Int? = nil, baseline: [Float] = [0]) {
    self.window = window
    self.stride = stride
    self.baseline = baseline
  }

  public var title: String { "occlusion" }
  public var isSigned: Bool { true }

  public func targets(in network: Network, input: Int) throws -> ScoreGradient.Targets {
    ScoreGradient.Targets()
  }

  public func values(for score: ExplainedScore) throws -> Tensor {
    let picture = score.picture
    let (rows, columns, channels) = (picture.shape[0], picture.shape[1], picture.shape[2])
    let baseline = try Baseline(self.baseline, channels: channels)
    let window = window ?? max(1, min(rows, columns) / 6)
    let stride = stride ?? max(1, window / 2)
    guard (1...max(1, min(rows, columns))).contains(window), (1...window).contains(stride) else {
      throw NetworkError(
        "the window is \(window) pixels and the stride \(stride); expected a window of 1 to "
          + "\(min(rows, columns)) and a stride of 1 to that")
    }
    let places = Self.starts(rows, window, stride).flatMap { top in
      Self.starts(columns, window, stride).map { (top: top, left: $0) }
    }
    let whole = try score.scores(ofPictures: 1) { _ in picture.values }[0]
    let scores = try score.scores(ofPictures: places.count) { index in
      var hidden = picture.values
      for row in places[index].top..<places[index].top + window {
        let first = (row * columns + places[index].left) * channels
        for value in first..<first + window * channels { hidden[value] = baseline[value] }
      }
      return hidden
    }
    var sums = [Double](repeating: 0, count: rows * columns)
    var counts = sums
    for (place, hidden) in zip(places, scores) {
      for row in place.top..<place.top + window {
        for column in place.left..<place.left + window {
          sums[row * columns + column] += Double(whole) - Double(hidden)
          counts[row * columns + column] += 1
        }
      }
    }
    return Tensor(
      shape: [rows, columns], values: zip(sums, counts).map { Float($0 / $1) })
  }

  /// Where windows begin along an axis: the last ends at the edge.
  private static func starts(_ size: Int, _ window: Int, _ step: Int) -> [Int] {
    Swift.stride(from: 0, to: size - window, by: step) + [size - window]
  }
}
