import Network

/// A training from epoch to epoch, from where it is to its end or until it is interrupted.
final class FitRun {
  private let trainer: Trainer
  private let options: FitOptions
  private let data: any DataSet
  private let loader: BatchLoader
  private let evaluator: Evaluator?
  private let metric: Metric
  private var callbacks: Callbacks
  private var position: TrainingPosition {
    didSet { trainer.position = position }
  }

  /// - Throws: `TrainingError`, where the data set's items are not the network's, or what is asked for does
  ///   not go together; `NetworkError`.
  init(
    _ trainer: Trainer, _ data: any DataSet, validation: (any DataSet)?, _ options: FitOptions
  ) throws {
    self.trainer = trainer
    self.options = options
    self.data = data
    try data.check(inputShape: trainer.inputShape, targetShape: trainer.targetShape)
    try options.weights.check(itemCount: data.count)
    position =
      trainer.position
      ?? TrainingPosition(seed: trainer.seed, batchSize: trainer.batchSize, itemCount: data.count)
    guard position.itemCount == data.count else {
      throw TrainingError(
        "the training was begun with \(position.itemCount) items, not \(data.count); "
          + "go on with the same data")
    }
    let settings = data.augmentationSettings.merging(options.weights.settings) { $1 }
    try Self.check(begun: position.settings ?? settings, asked: settings)
    position.settings = settings
    metric = .accuracy(outputShape: trainer.outputShape, targetShape: data.targetShape)
    callbacks = options.callbacks
    callbacks.resume(at: position)
    loader = BatchLoader(
      data, batchSize: trainer.batchSize, seed: trainer.seed, shuffles: options.shuffles,
      isStrict: options.isStrict)
    evaluator = try validation.map {
      try Evaluator(
        try trainer.network, $0, loss: trainer.loss, batchSize: trainer.batchSize,
        threads: trainer.threads, algorithm: trainer.algorithm, isStrict: options.isStrict)
    }
    try checkCallbacks()
  }

  /// Refuses to go on with items that are changed or weighed otherwise.
  private static func check(
    begun: [String: String], asked: [String: String]
  ) throws(TrainingError) {
    for name in Set(begun.keys).union(asked.keys).sorted() where begun[name] != asked[name] {
      let (had, has) = (begun[name] ?? "none", asked[name] ?? "none")
      throw TrainingError(
        "the training was begun with the \(name) \(had), not \(has); go on with the same")
    }
  }

  private func checkCallbacks() throws(TrainingError) {
    if callbacks.reduceOnPlateau != nil {
      guard case .constant = trainer.optimizer.learningRate else {
        throw TrainingError(
          "a plateau cannot reduce the learning rate of a schedule; take one of the two")
      }
    }
    let monitors = [
      callbacks.earlyStopping?.monitor, callbacks.reduceOnPlateau?.monitor,
      callbacks.bestCheckpoint?.monitor,
    ]
    let known = ["loss", "accuracy"] + (evaluator == nil ? [] : ["val_loss", "val_accuracy"])
    for monitor in monitors.compactMap({ $0 }) where !known.contains(monitor.name) {
      throw TrainingError(
        "'\(monitor.name)' is not measured; there are \(known.joined(separator: ", "))"
          + (evaluator == nil ? ", and with a validation set val_loss and val_accuracy" : ""))
    }
  }

  /// Trains; see `Trainer.fit`.
  func run(
    onEpoch: (EpochReport) throws -> Void, onProgress: (TrainingProgress) -> Bool
  ) throws -> History {
    keepRestoredWeights()
    trainer.position = position
    while position.epoch < options.epochs, !position.hasStopped {
      guard try trainEpoch(onProgress) else { return position.history }
      var validation: Evaluation?
      if let evaluator {
        validation = try evaluate(evaluator, onProgress)
        if validation == nil { return position.history }
      }
      try onEpoch(try endEpoch(validation))
    }
    if !position.bestWeights.isEmpty {
      trainer.weightsByPath = position.bestWeights
      position.bestWeights = [:]
    }
    return position.history
  }

  /// A training that had ended, and goes on for more epochs, ended with its best weights.
  private func keepRestoredWeights() {
    guard let stopping = callbacks.earlyStopping, stopping.restoresBestWeights,
      stopping.best != nil, position.bestWeights.isEmpty
    else { return }
    position.bestWeights = trainer.weightsByPath
  }

  /// Goes through what is left of an epoch.
  ///
  /// - Returns: Whether to go on.
  private func trainEpoch(_ onProgress: (TrainingProgress) -> Bool) throws -> Bool {
    var sums = Measurement(metric, loss: trainer.loss)
    sums.sums = position.sums
    loader.start(epoch: position.epoch, at: position.item)
    while let batch = try loader.next() {
      if trainer.loss.takesClassNumbers {
        try batch.checkClasses(trainer.outputShape.last ?? 1)
      }
      let weights = options.weights.weights(of: batch)
      let penalty = trainer.penalty
      let result = try trainer.step(
        count: batch.count, inputs: batch.inputs, targets: batch.targets, itemWeights: weights)
      sums.add(
        batch.count, result.losses, result.outputs, batch.targets, weights: weights,
        penalty: penalty)
      guard sums.loss.isFinite else { throw divergence("the loss is no number any more") }
      position.sums = sums.sums
      position.item = batch.nextPosition
      var progress = self.progress(sums, items: batch.nextPosition)
      progress.skipped = batch.skipped
      if !onProgress(progress) { return false }
    }
    return true
  }

  private func progress(_ sums: Measurement, items: Int) -> TrainingProgress {
    TrainingProgress(
      epoch: position.epoch, epochs: options.epochs, items: items, itemCount: data.count,
      loss: sums.loss, accuracy: sums.accuracy)
  }

  private func divergence(_ what: String) -> TrainingError {
    TrainingError(
      "\(what) in step \(trainer.iterations), epoch \(position.epoch + 1); "
        + "take a smaller learning rate")
  }

  /// - Returns: Nil where it was ended.
  private func evaluate(
    _ evaluator: Evaluator, _ onProgress: (TrainingProgress) -> Bool
  ) throws -> Evaluation? {
    var sums = Measurement(metric, loss: trainer.loss)
    sums.sums = position.sums
    var progress = self.progress(sums, items: 0)
    progress.isValidating = true
    progress.itemCount = evaluator.data.count
    try evaluator.update(try trainer.network)
    let result = try evaluator.run { items in
      progress.items = items
      return onProgress(progress)
    }
    if let result, !result.skipped.isEmpty {
      progress.items = evaluator.data.count
      progress.skipped = result.skipped
      _ = onProgress(progress)
    }
    return result
  }

  /// Puts down what was measured, and decides how to go on.
  private func endEpoch(_ validation: Evaluation?) throws -> EpochReport {
    var sums = Measurement(metric, loss: trainer.loss)
    sums.sums = position.sums
    var values = [(name: "loss", value: sums.loss), (name: "accuracy", value: sums.accuracy)]
    if let validation {
      guard validation.loss.isFinite else {
        throw divergence("the loss of the validation set is no number any more")
      }
      values += [
        (name: "val_loss", value: validation.loss),
        (name: "val_accuracy", value: validation.accuracy),
      ]
    }
    guard trainer.hasFiniteWeights else { throw divergence("a weight is no number any more") }
    let epoch = position.epoch
    let rate = trainer.optimizer.learningRate.rate(step: max(trainer.iterations - 1, 0))
    if callbacks.reduceOnPlateau != nil || !trainer.optimizer.learningRate.isConstant {
      values.append((name: "learning_rate", value: rate))
    }
    let isBest = decide(values, learningRate: rate)
    position.history.append(epoch: epoch, values)
    callbacks.save(to: &position)
    position.epoch += 1
    position.item = 0
    position.sums = MeasuredSums()
    return EpochReport(
      epoch: epoch, epochs: options.epochs, values: values, isBest: isBest,
      isLast: position.hasStopped || position.epoch >= options.epochs)
  }

  /// - Parameter learningRate: That of the epoch's last step.
  /// - Returns: Whether the model is the best so far.
  private func decide(
    _ values: [(name: String, value: Double)], learningRate: Double
  ) -> Bool {
    func value(_ monitor: Monitor) -> Double? { values.first { $0.name == monitor.name }?.value }
    if var plateau = callbacks.reduceOnPlateau {
      let rate = plateau.endEpoch(value(plateau.monitor), learningRate: learningRate)
      if rate != learningRate { trainer.setLearningRate(rate) }
      callbacks.reduceOnPlateau = plateau
    }
    if var stopping = callbacks.earlyStopping {
      let decision = stopping.endEpoch(position.epoch, value(stopping.monitor))
      if decision.keepsWeights { position.bestWeights = trainer.weightsByPath }
      if decision.stops { position.hasStopped = true }
      callbacks.earlyStopping = stopping
    }
    guard var checkpoint = callbacks.bestCheckpoint else { return false }
    defer { callbacks.bestCheckpoint = checkpoint }
    return checkpoint.endEpoch(value(checkpoint.monitor))
  }
}
