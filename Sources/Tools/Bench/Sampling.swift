import CNN

/// Times of something that is done again and again.
enum Sampling {
  /// The most samples that are taken.
  private static let most = 20_000
  /// The least that a sample takes, in nanoseconds: what is shorter is done several times.
  private static let shortest = 30_000.0

  /// The times of one call in milliseconds, taken for about so many seconds.
  ///
  /// Two calls first, or fewer where those alone take a fifth of the time.
  static func milliseconds(
    seconds: Double, atLeast least: Int, _ body: () -> Void
  ) -> [Double] {
    var one = 0.0
    let warmUpEnd = Double(Processor.nanoseconds) + seconds * 0.2e9
    for _ in 0..<2 {
      let begin = Processor.nanoseconds
      body()
      let end = Processor.nanoseconds
      one = Double(end - begin)
      if Double(end) > warmUpEnd { break }
    }
    let group = max(1, Int(shortest / max(one, 500)))
    var samples: [Double] = []
    let end = Double(Processor.nanoseconds) + seconds * 1e9
    while samples.count < least
      || samples.count < most && Double(Processor.nanoseconds) < end
    {
      let begin = Processor.nanoseconds
      for _ in 0..<group { body() }
      samples.append(Double(Processor.nanoseconds - begin) / 1e6 / Double(group))
    }
    return samples
  }
}

extension [Double] {
  /// The value below which a share of all lies; 0.5 is the median.
  func quantile(_ share: Double) -> Double {
    guard !isEmpty else { return 0 }
    let position = share * Double(count - 1)
    let sorted = sorted()
    let below = Int(position)
    let above = Swift.min(below + 1, count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
  }
}
