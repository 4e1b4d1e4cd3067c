import Network

/// How well a network does on a data set.
public struct Evaluation: Sendable {
  /// The mean of the losses, with what the weights add to it.
  public var loss: Double
  public var accuracy: Double
  /// The number of items.
  public var count: Int
  /// What was taken for what; nil where the outputs are not classes.
  public var confusion: ConfusionMatrix?
  /// What could not be read.
  public var skipped: [SkippedItem]
}

/// Measures a network with a data set: made once, it goes through the data as often as the weights have
/// changed.
final class Evaluator {
  let data: any DataSet
  private let loss: Loss
  private let loader: BatchLoader
  private let inference: Inference
  private let outputShape: [Int]
  /// What the weights add to the loss.
  private var penalty: Double

  /// - Throws: `NetworkError`, where a layer has no weights; `TrainingError`, where the data set's items are
  ///   not the network's.
  convenience init(
    _ network: Network, _ data: any DataSet, loss: Loss, batchSize: Int, threads: Int?,
    algorithm: ConvolutionAlgorithm = .automatic, isStrict: Bool = false
  ) throws {
    let sized = try Self.sized(network, data)
    try self.init(
      data, loss: loss, batchSize: batchSize, isStrict: isStrict,
      inputShape: sized.inputShapes[0], outputShape: sized.outputShapes[0],
      penalty: try network.penalty()
    ) { try Inference(sized, batch: $0, threads: threads, algorithm: algorithm) }
  }

  /// - Throws: `NetworkError`, where there is not so much memory; `TrainingError`, where the data set's items
  ///   are not the model's.
  convenience init(
    _ program: CompiledProgram, _ data: any DataSet, loss: Loss, batchSize: Int, threads: Int?,
    isStrict: Bool = false
  ) throws {
    let inputs = program.inputShapes
    guard inputs.count == 1 else {
      throw TrainingError(
        "the model has \(inputs.count) inputs; a data set has one for each of its items")
    }
    // Nothing is known of regularisers any more.
    try self.init(
      data, loss: loss, batchSize: batchSize, isStrict: isStrict, inputShape: inputs[0],
      outputShape: program.outputShapes[0], penalty: 0
    ) { try Inference(program, batch: $0, threads: threads) }
  }

  private init(
    _ data: any DataSet, loss: Loss, batchSize: Int, isStrict: Bool, inputShape: Shape,
    outputShape: Shape, penalty: Double, _ inference: (_ batch: Int) throws -> Inference
  ) throws {
    self.data = data
    self.loss = loss
    self.penalty = penalty
    self.outputShape = outputShape.known ?? []
    let batchSize = max(1, min(batchSize, data.count))
    self.inference = try inference(batchSize)
    let targets = loss.takesClassNumbers ? Array(self.outputShape.dropLast()) : self.outputShape
    try data.check(inputShape: inputShape.known ?? [], targetShape: targets)
    loader = BatchLoader(
      data, batchSize: batchSize, shuffles: false, isVaried: false, isStrict: isStrict)
  }

  private static func sized(_ network: Network, _ data: any DataSet) throws -> Network {
    try network.resized(inputShapes: [Shape(data.inputShape)])
  }

  /// Takes the weights that the network has now.
  func update(_ network: Network) throws {
    try inference.update(try Self.sized(network, data))
    penalty = try network.penalty()
  }

  /// Goes through the data set.
  ///
  /// - Parameter onBatch: Called with the number of items behind each batch; false ends it.
  /// - Returns: Nil where it was ended.
  func run(onBatch: (Int) -> Bool = { _ in true }) throws -> Evaluation? {
    var sums = Measurement(
      .accuracy(outputShape: outputShape, targetShape: data.targetShape), loss: loss,
      confusionClasses: confusionClasses)
    let perItem = outputShape.reduce(1, *)
    loader.start(epoch: 0)
    while let batch = try loader.next() {
      if loss.takesClassNumbers { try batch.checkClasses(outputShape.last ?? 1) }
      // A last batch that is smaller leaves the rest as it was: what is computed of that is not looked at.
      _ = inference.input(0).update(fromContentsOf: batch.inputs)
      inference.runInPlace()
      let outputs = UnsafeBufferPointer(
        rebasing: inference.output(0)[..<(batch.count * perItem)])
      sums.add(batch.count, nil, outputs, batch.targets, penalty: penalty)
      if !onBatch(sums.count) { return nil }
    }
    return Evaluation(
      loss: sums.loss, accuracy: sums.accuracy, count: sums.count, confusion: sums.confusion,
      skipped: loader.skipped)
  }

  /// Goes through all of the data set.
  func runToEnd(_ onProgress: (_ items: Int) -> Void) throws -> Evaluation {
    let result = try run {
      onProgress($0)
      return true
    }
    guard let result else { preconditionFailure("nobody ends it") }
    return result
  }

  /// The number of classes; nil where the outputs are other numbers.
  private var confusionClasses: Int? {
    guard outputShape.count == 1 else { return nil }
    switch loss.function {
    case .sparseCategoricalCrossentropy, .categoricalCrossentropy: return outputShape[0]
    case .binaryCrossentropy: return outputShape[0] == 1 ? 2 : nil
    case .meanSquaredError, .meanAbsoluteError, .huber: return nil
    }
  }
}

extension Batch {
  /// - Throws: `DataSetError`, which names the item, where a target is not the number of a class: the
  ///   gradient of the loss would be at a place that is not there.
  func checkClasses(_ classes: Int) throws(DataSetError) {
    for (position, label) in targets.enumerated() {
      guard let place = Int(exactly: label), 0..<classes ~= place else {
        throw DataSetError.label(
          label, of: indices[position * count / targets.count], classes: classes)
      }
    }
  }
}

extension DataSet {
  /// Refuses a data set whose items are not the network's.
  func check(inputShape: [Int], targetShape: [Int]) throws(TrainingError) {
    guard self.inputShape.reduce(1, *) == inputShape.reduce(1, *) else {
      throw TrainingError(
        "the data set's items have shape \(self.inputShape); the network takes \(inputShape)")
    }
    guard self.targetShape.reduce(1, *) == targetShape.reduce(1, *) else {
      throw TrainingError(
        "the data set's targets have shape \(self.targetShape); the loss compares \(targetShape): "
          + "take another loss, or one-hot targets")
    }
    guard count > 0 else { throw TrainingError("the data set has no items") }
  }
}
