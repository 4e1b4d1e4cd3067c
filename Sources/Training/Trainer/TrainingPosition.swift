import Network

/// How far a training is: with the weights and what the optimiser keeps, all that it takes to go on as if
/// it had not been interrupted.
public struct TrainingPosition: Equatable, Sendable {
  /// What the order of the items, their variations and random layers follow from, together with the
  /// numbers of epochs and steps.
  public var seed: UInt64
  public var batchSize: Int
  /// The number of the data set's items.
  public var itemCount: Int
  /// What changes and weighs the items, where something does, by its name and in words; nil where a file
  /// does not say.
  public var settings: [String: String]?
  /// How many epochs have ended.
  public var epoch = 0
  /// Where in the order of the epoch's items the next batch begins.
  public var item = 0
  /// What has been measured in the epoch.
  public var sums = MeasuredSums()
  /// The epochs that have ended.
  public var history = History()
  public var earlyStopping: EarlyStopping.Progress?
  public var plateau: ReduceLROnPlateau.Progress?
  /// The best value that a checkpoint was written for.
  public var bestCheckpoint: Double?
  /// Whether early stopping has ended the training.
  public var hasStopped = false
  /// The weights that early stopping may go back to, by their paths.
  public var bestWeights: [String: Tensor] = [:]

  public init(seed: UInt64, batchSize: Int, itemCount: Int) {
    self.seed = seed
    self.batchSize = batchSize
    self.itemCount = itemCount
  }
}

/// Sums over the items of an epoch, of which the means are shown.
public struct MeasuredSums: Equatable, Sendable {
  public var loss = 0.0
  public var hits = 0.0
  public var count = 0

  public init() {}
}
