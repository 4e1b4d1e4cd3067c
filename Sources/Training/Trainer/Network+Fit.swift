import Kernel
import Network

/// What `fit` says while it trains.
public struct TrainingProgress: Sendable {
  /// The epoch, from 0, and how many there are.
  public var epoch: Int
  public var epochs: Int
  /// The items of the epoch that were trained with, and all of them.
  public var items: Int
  public var itemCount: Int
  /// The means over the epoch's items so far.
  public var loss: Double
  public var accuracy: Double?
}

extension Network {
  /// Trains the network, as Keras's `fit` does.
  ///
  /// Layers without weights are given those that their initialisers say. What is measured of each epoch is
  /// the mean over its batches, before each changed the weights: `loss` and `accuracy`, and behind the epoch
  /// `val_loss` and `val_accuracy` of the validation set.
  ///
  /// - Parameters:
  ///   - seed: What the order of the items, their variations and random layers depend on.
  ///   - threads: Nil for as many as `CNN_THREADS` says, or else as there are cores. The weights do not
  ///     depend on it.
  ///   - onProgress: Called behind each batch; false ends the training.
  /// - Throws: `NetworkError` or `TrainingError`, where the network cannot be trained so, or the loss is no
  ///   number any more; the data set's errors.
  @discardableResult
  public mutating func fit(
    _ data: any DataSet, validation: (any DataSet)? = nil, optimizer: Optimizer, loss: Loss,
    epochs: Int, batchSize: Int = 32, seed: UInt64 = 0, shuffles: Bool = true,
    threads: Int? = nil, onProgress: (TrainingProgress) -> Bool = { _ in true }
  ) throws -> History {
    try initializeWeights(seed: seed)
    let trainer = try Trainer(
      self, optimizer: optimizer, loss: loss, batchSize: batchSize, seed: seed, threads: threads)
    let history = try trainer.fit(
      data, validation: validation, epochs: epochs, shuffles: shuffles, onProgress: onProgress)
    self = try trainer.network
    return history
  }

  /// The loss and accuracy of the network on a data set.
  ///
  /// - Throws: `NetworkError`, where a layer has no weights; the data set's errors.
  public func evaluate(
    _ data: any DataSet, loss: Loss, batchSize: Int = 32, threads: Int? = nil
  ) throws -> (loss: Double, accuracy: Double) {
    let loader = BatchLoader(data, batchSize: batchSize, shuffles: false, isVaried: false)
    let outputShape = outputShapes[0].known ?? []
    var sums = Measurement(
      .accuracy(outputShape: outputShape, targetShape: data.targetShape), loss: loss)
    var inference: Inference?
    loader.start(epoch: 0)
    while let batch = try loader.next() {
      if inference?.batch != batch.count {
        let sized = try resized(inputShapes: [Shape(data.inputShape)])
        inference = try Inference(sized, batch: batch.count, threads: threads)
      }
      guard let inference else { break }
      _ = inference.input(0).update(from: batch.inputs)
      inference.runInPlace()
      sums.add(batch.count, nil, inference.output(0), batch.targets)
    }
    return (sums.loss, sums.accuracy)
  }
}

extension Trainer {
  /// Trains for some epochs; see `Network.fit`.
  public func fit(
    _ data: any DataSet, validation: (any DataSet)? = nil, epochs: Int, shuffles: Bool = true,
    onProgress: (TrainingProgress) -> Bool = { _ in true }
  ) throws -> History {
    try check(data)
    let loader = BatchLoader(data, batchSize: batchSize, seed: seed, shuffles: shuffles)
    var history = History()
    for epoch in 0..<epochs {
      var sums = Measurement(
        .accuracy(outputShape: outputShape, targetShape: targetShape), loss: loss)
      loader.start(epoch: epoch)
      while let batch = try loader.next() {
        let result = try step(count: batch.count, inputs: batch.inputs, targets: batch.targets)
        sums.add(batch.count, result.losses, result.outputs, batch.targets)
        guard sums.loss.isFinite else {
          throw TrainingError(
            "the loss is no number any more in step \(iterations), epoch \(epoch + 1); "
              + "take a smaller learning rate")
        }
        let progress = TrainingProgress(
          epoch: epoch, epochs: epochs, items: sums.count, itemCount: data.count, loss: sums.loss,
          accuracy: sums.accuracy)
        guard onProgress(progress) else { return history }
      }
      var values = [("loss", sums.loss), ("accuracy", sums.accuracy)]
      if let validation {
        let result = try network.evaluate(
          validation, loss: loss, batchSize: batchSize, threads: threads)
        values += [("val_loss", result.loss), ("val_accuracy", result.accuracy)]
      }
      history.append(epoch: epoch, values.map { (name: $0.0, value: $0.1) })
    }
    return history
  }

  /// Refuses a data set whose items are not the network's.
  private func check(_ data: any DataSet) throws(TrainingError) {
    guard data.inputShape.reduce(1, *) == inputShape.reduce(1, *) else {
      throw TrainingError(
        "the data set's items have shape \(data.inputShape); the network takes \(inputShape)")
    }
    guard data.targetShape.reduce(1, *) == targetShape.reduce(1, *) else {
      throw TrainingError(
        "the data set's targets have shape \(data.targetShape); the loss compares \(targetShape): "
          + "take another loss, or one-hot targets")
    }
  }
}
