/// Lowers the learning rate when a number has not got better for some epochs: Keras's callback of that
/// name.
public struct ReduceLROnPlateau: Equatable, Sendable {
  public var monitor: Monitor
  /// What the learning rate is multiplied by; less than 1.
  public var factor: Double
  /// How many epochs may pass without getting better.
  public var patience: Int
  /// A change that is no larger does not count.
  public var minDelta: Double
  /// How many epochs are not counted behind a reduction.
  public var cooldown: Int
  public var minLearningRate: Double

  /// What it has seen so far.
  public struct Progress: Equatable, Sendable {
    public var best: Double?
    /// The epochs since the best one, or since the last reduction.
    public var wait = 0
    /// The epochs that are still not counted.
    public var cooling = 0

    public init() {}
  }

  public var progress = Progress()

  public init(
    monitor: Monitor = "val_loss", factor: Double = 0.1, patience: Int = 10,
    minDelta: Double = 1e-4, cooldown: Int = 0, minLearningRate: Double = 0
  ) {
    precondition(factor < 1, "a factor of \(factor) does not reduce the learning rate")
    self.monitor = monitor
    self.factor = factor
    self.patience = patience
    self.minDelta = minDelta
    self.cooldown = cooldown
    self.minLearningRate = minLearningRate
  }

  /// - Parameters:
  ///   - value: What the epoch that has ended has for the monitor; nil where it has none.
  ///   - learningRate: That of the epoch.
  /// - Returns: The learning rate to go on with.
  public mutating func endEpoch(_ value: Double?, learningRate: Double) -> Double {
    guard let value else { return learningRate }
    if progress.cooling > 0 {
      progress.cooling -= 1
      progress.wait = 0
    }
    if monitor.isBetter(value, than: progress.best, delta: minDelta) {
      progress.best = value
      progress.wait = 0
    } else if progress.cooling == 0 {
      progress.wait += 1
      if progress.wait >= patience, learningRate > minLearningRate {
        progress.cooling = cooldown
        progress.wait = 0
        return max(learningRate * factor, minLearningRate)
      }
    }
    return learningRate
  }
}
