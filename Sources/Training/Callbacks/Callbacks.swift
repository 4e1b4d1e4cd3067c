/// What is decided behind each epoch of a training; nil for what is not wanted.
public struct Callbacks: Equatable, Sendable {
  public var earlyStopping: EarlyStopping?
  /// Not together with a schedule of learning rates, which says them by itself.
  public var reduceOnPlateau: ReduceLROnPlateau?
  public var bestCheckpoint: BestCheckpoint?

  public init(
    earlyStopping: EarlyStopping? = nil, reduceOnPlateau: ReduceLROnPlateau? = nil,
    bestCheckpoint: BestCheckpoint? = nil
  ) {
    self.earlyStopping = earlyStopping
    self.reduceOnPlateau = reduceOnPlateau
    self.bestCheckpoint = bestCheckpoint
  }

  /// Goes on where a training is.
  mutating func resume(at position: TrainingPosition) {
    if let progress = position.earlyStopping { earlyStopping?.progress = progress }
    if let progress = position.plateau { reduceOnPlateau?.progress = progress }
    if let checkpoint = bestCheckpoint {
      bestCheckpoint = BestCheckpoint(
        monitor: checkpoint.monitor, best: position.bestCheckpoint ?? checkpoint.best)
    }
  }

  /// Puts down how far they are.
  func save(to position: inout TrainingPosition) {
    position.earlyStopping = earlyStopping?.progress
    position.plateau = reduceOnPlateau?.progress
    position.bestCheckpoint = bestCheckpoint?.best
  }
}
