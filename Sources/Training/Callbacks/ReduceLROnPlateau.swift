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

  private var best: Double?
  private var wait = 0
  private var cooling = 0

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
    if cooling > 0 {
      cooling -= 1
      wait = 0
    }
    if monitor.isBetter(value, than: best, delta: minDelta) {
      best = value
      wait = 0
    } else if cooling == 0 {
      wait += 1
      if wait >= patience, learningRate > minLearningRate {
        cooling = cooldown
        wait = 0
        return max(learningRate * factor, minLearningRate)
      }
    }
    return learningRate
  }
}
