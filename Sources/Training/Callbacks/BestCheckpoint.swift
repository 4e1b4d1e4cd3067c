/// Says after which epochs the model is the best so far, and to be written: Keras's `ModelCheckpoint` with
/// `save_best_only`.
public struct BestCheckpoint: Equatable, Sendable {
  public var monitor: Monitor
  /// The best value so far; one that is given is to be beaten.
  public private(set) var best: Double?

  public init(monitor: Monitor = "val_loss", best: Double? = nil) {
    self.monitor = monitor
    self.best = best
  }

  /// - Parameter value: What the epoch that has ended has for the monitor; nil where it has none.
  /// - Returns: Whether to write the model.
  public mutating func endEpoch(_ value: Double?) -> Bool {
    guard let value, monitor.isBetter(value, than: best) else { return false }
    best = value
    return true
  }
}
