/// What `fit` says while it trains, behind each batch.
public struct TrainingProgress: Sendable {
  /// The epoch, from 0, and how many there are.
  public var epoch: Int
  public var epochs: Int
  /// Whether the epoch's training is over, and its items are those of the validation set.
  public var isValidating = false
  /// The items that were gone through in this epoch, and all of them.
  public var items: Int
  public var itemCount: Int
  /// The means over the epoch's items so far.
  public var loss: Double
  public var accuracy: Double
  /// What could not be read since the last batch.
  public var skipped: [SkippedItem] = []
}

/// What `fit` says behind an epoch.
public struct EpochReport: Sendable {
  /// The epoch, from 0, and how many there are.
  public var epoch: Int
  public var epochs: Int
  /// What was measured, in the order of the history's columns.
  public var values: [(name: String, value: Double)]
  /// Whether the model is the best so far, by what the checkpoint goes by.
  public var isBest: Bool
  /// Whether training ends with this epoch.
  public var isLast: Bool
}
