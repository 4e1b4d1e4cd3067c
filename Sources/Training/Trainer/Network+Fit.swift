import Network

extension Network {
  /// Trains the network, as Keras's `fit` does.
  ///
  /// Layers without weights are given those that their initialisers say. What is measured of each epoch is
  /// the mean over its batches, before each changed the weights: `loss`, with what regularisers add to it,
  /// and `accuracy`, and behind the epoch `val_loss` and `val_accuracy` of the validation set.
  ///
  /// - Parameters:
  ///   - seed: What the order of the items, their variations and random layers depend on.
  ///   - shuffles: Whether each epoch has an order of its own.
  ///   - weights: What items count, by their class or each by itself.
  ///   - callbacks: What is decided behind each epoch.
  ///   - threads: Nil for as many as `CNN_THREADS` says, or else as there are cores. The weights do not
  ///     depend on it.
  ///   - onProgress: Called behind each batch; false ends the training.
  /// - Throws: `NetworkError` or `TrainingError`, where the network cannot be trained so, or the loss is no
  ///   number any more; the data set's errors.
  @discardableResult
  public mutating func fit(
    _ data: any DataSet, validation: (any DataSet)? = nil, optimizer: Optimizer, loss: Loss,
    epochs: Int, batchSize: Int = 32, seed: UInt64 = 0, shuffles: Bool = true,
    weights: ItemWeights = ItemWeights(), callbacks: Callbacks = Callbacks(),
    threads: Int? = nil, onProgress: (TrainingProgress) -> Bool = { _ in true }
  ) throws -> History {
    try initializeWeights(seed: seed)
    let trainer = try Trainer(
      self, optimizer: optimizer, loss: loss, batchSize: batchSize, seed: seed, threads: threads)
    let history = try trainer.fit(
      data, validation: validation,
      FitOptions(epochs: epochs, shuffles: shuffles, weights: weights, callbacks: callbacks),
      onProgress: onProgress)
    self = try trainer.network
    return history
  }

  /// How well the network does on a data set.
  ///
  /// - Parameter isStrict: Whether an item that cannot be read is an error rather than left out.
  /// - Throws: `NetworkError`, where a layer has no weights; `TrainingError`, where the data set's items are
  ///   not the network's; the data set's errors.
  public func evaluate(
    _ data: any DataSet, loss: Loss, batchSize: Int = 32, threads: Int? = nil,
    isStrict: Bool = false, onProgress: (_ items: Int) -> Void = { _ in }
  ) throws -> Evaluation {
    try Evaluator(
      self, data, loss: loss, batchSize: batchSize, threads: threads, isStrict: isStrict
    ).runToEnd(onProgress)
  }
}

extension Trainer {
  /// Trains until there have been so many epochs, from where the training is: see `Network.fit`.
  ///
  /// Where `onProgress` ends it, `state` has all that is needed to go on, at the next batch.
  ///
  /// - Parameters:
  ///   - onEpoch: Called behind each epoch: the time to write the model.
  ///   - onProgress: Called behind each batch; false ends the training.
  /// - Returns: What was measured of all epochs, those before the training was interrupted too.
  @discardableResult
  public func fit(
    _ data: any DataSet, validation: (any DataSet)? = nil, _ options: FitOptions,
    onEpoch: (EpochReport) throws -> Void = { _ in },
    onProgress: (TrainingProgress) -> Bool = { _ in true }
  ) throws -> History {
    try FitRun(self, data, validation: validation, options).run(
      onEpoch: onEpoch, onProgress: onProgress)
  }
}
