/// Ends training when a number has not got better for some epochs: Keras's `EarlyStopping`.
public struct EarlyStopping: Equatable, Sendable {
  public var monitor: Monitor
  /// A change that is no larger does not count.
  public var minDelta: Double
  /// How many epochs may pass without getting better.
  public var patience: Int
  /// What has to be met for patience to begin anew.
  public var baseline: Double?
  /// Whether training ends with the weights of the best epoch, rather than those of the last.
  public var restoresBestWeights: Bool
  /// Epochs before this one are not looked at.
  public var firstEpoch: Int

  /// What it has seen so far.
  public struct Progress: Equatable, Sendable {
    /// The best value, and its epoch.
    public var best: Double?
    public var bestEpoch: Int?
    /// The epochs since then.
    public var wait = 0

    public init() {}
  }

  public var progress = Progress()
  /// The best value so far, and its epoch.
  public var best: Double? { progress.best }
  public var bestEpoch: Int? { progress.bestEpoch }

  public init(
    monitor: Monitor = "val_loss", minDelta: Double = 0, patience: Int = 0,
    baseline: Double? = nil, restoresBestWeights: Bool = false, firstEpoch: Int = 0
  ) {
    self.monitor = monitor
    self.minDelta = minDelta
    self.patience = patience
    self.baseline = baseline
    self.restoresBestWeights = restoresBestWeights
    self.firstEpoch = firstEpoch
  }

  /// What is to be done behind an epoch.
  public struct Decision: Equatable, Sendable {
    /// Whether the weights are the best so far, and to be kept for the end.
    public var keepsWeights: Bool
    public var stops: Bool
  }

  /// - Parameters:
  ///   - epoch: The number of the epoch that has ended; the first is 0.
  ///   - value: What the epoch has for the monitor; nil where it has none.
  public mutating func endEpoch(_ epoch: Int, _ value: Double?) -> Decision {
    guard let value, epoch >= firstEpoch else {
      return Decision(keepsWeights: false, stops: false)
    }
    progress.wait += 1
    if monitor.isBetter(value, than: best, delta: minDelta) {
      progress.best = value
      progress.bestEpoch = epoch
      if baseline.map({ monitor.isBetter(value, than: $0, delta: minDelta) }) ?? true {
        progress.wait = 0
      }
      return Decision(keepsWeights: restoresBestWeights, stops: false)
    }
    return Decision(keepsWeights: false, stops: progress.wait >= patience && epoch > 0)
  }
}
