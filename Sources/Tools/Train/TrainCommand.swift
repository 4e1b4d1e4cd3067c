import ArgumentParser
import CNN
import DataSets

/// Trains a model on a data set.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a model on a data set, and writes it as a file that Keras loads.",
    discussion: """
      Example: cnntool train --download fashion-mnist --model fashion-mnist --scale 1/255 --epochs 5 \
      --seed 1 -o model.h5

      The data is a folder with MNIST's IDX files, a folder with a folder of pictures for each class, a CSV \
      file with a column of labels, or NumPy's .npz or .npy. The same seed gives the same weights, with any \
      number of threads.

      The model is written behind each epoch. Ctrl-C ends behind the batch and writes it, too: the same \
      command with --resume goes on from there, to the same weights as without the interruption.

      Architectures with a name:
      \(NamedArchitecture.allCases.map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n"))
      """)

  @OptionGroup(title: "Model") var start: StartOptions
  @OptionGroup(title: "Data") var data: DataSetOptions
  @OptionGroup(title: "Training data") var trainingData: TrainingDataOptions
  @OptionGroup(title: "Optimizer") var optimizer: OptimizerOptions
  @OptionGroup(title: "Behind each epoch") var callbacks: CallbackOptions

  @Option(help: "How often to go through the data.")
  var epochs = 5

  @Option(help: "What new weights, the order of the items and all else that is random follow from.")
  var seed: UInt64 = 0

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write: .h5, .hdf5 or .keras.", valueName: "file"),
    completion: .file(extensions: ["h5", "hdf5", "keras"]))
  var output: String

  @Flag(help: "Go on with the training that was interrupted, from the output file.")
  var resume = false

  @Flag(help: "Keep to direct convolution, which rounds least.")
  var exact = false

  @Flag(help: "Print a line of JSON for each epoch.")
  var json = false

  func validate() throws {
    guard epochs > 0 else { throw ValidationError("--epochs is \(epochs); expected at least 1") }
  }

  func run() throws {
    // What may be wrong is found before the work begins.
    _ = try ModelFormat(path: output)
    if let best = callbacks.checkpoint { _ = try ModelFormat(path: best) }
    let state = try resume ? interruptedState() : nil
    let network = try start.network(resuming: resume ? output : nil, seed: seed)
    let (items, validation) = try trainingData.open(data, for: network)
    let trainer = try trainer(network, itemCount: items.count)
    if let state { try trainer.restore(state) }
    let options = FitOptions(
      epochs: epochs, isStrict: data.strict,
      weights: ItemWeights(classes: trainingData.classWeight?.weights ?? [:]),
      callbacks: callbacks.callbacks(hasValidation: validation != nil))
    var report = TrainingReport(isJSON: json)
    Interruption.watch()
    var savedEpochs = 0
    let history: History
    do {
      history = try trainer.fit(items, validation: validation, options) { epoch in
        try report.end(epoch)
        if epoch.isBest, let best = callbacks.checkpoint { try save(trainer, to: best) }
        if epoch.isLast { return }
        try save(trainer, to: output)
        savedEpochs = epoch.epoch + 1
        if let position = trainer.position { try writeHistory(position.history) }
      } onProgress: { progress in
        report.advance(progress)
        return !Interruption.isRequested
      }
    } catch let error as TrainingError where savedEpochs > 0 {
      throw ToolFailure("\(error); \(output) has the weights behind epoch \(savedEpochs)")
    }
    try save(trainer, to: output)
    try writeHistory(history)
    if report.skippedCount > 0 {
      StandardError.write(
        "cnntool: items that could not be read and were left out: \(report.skippedCount)")
    }
    try checkEnd(trainer, itemCount: items.count)
  }

  private func trainer(_ network: Network, itemCount: Int) throws -> Trainer {
    let steps = (itemCount + data.batchSize - 1) / data.batchSize
    return try Trainer(
      network, optimizer: try optimizer.chosen(stepsPerEpoch: steps, epochs: epochs),
      loss: try data.chosenLoss(), batchSize: data.batchSize, seed: seed, threads: data.threads,
      algorithm: exact ? .direct : .automatic)
  }

  /// - Throws: `ToolFailure`, where the output does not say how far the training was.
  private func interruptedState() throws -> TrainingState {
    guard let state = try Network.trainingState(contentsOf: output), state.position != nil else {
      throw ToolFailure(
        "\(output): it does not say how far its training was, so there is nothing to --resume; "
          + "train it further with --model \(output)")
    }
    return state
  }

  private func save(_ trainer: Trainer, to path: String) throws {
    try trainer.network.save(to: path, training: trainer.state)
  }

  private func writeHistory(_ history: History) throws {
    guard let path = callbacks.history else { return }
    try OutputFile.write(Array(history.csv().utf8), to: path, isText: true)
  }

  /// - Throws: `ToolFailure`, where the training was interrupted, which says how to go on.
  private func checkEnd(_ trainer: Trainer, itemCount: Int) throws {
    guard let position = trainer.position, position.epoch < epochs, !position.hasStopped else {
      return
    }
    throw ToolFailure(
      "interrupted in epoch \(position.epoch + 1) of \(epochs), behind \(position.item) of "
        + "\(itemCount) items; \(output) has what is needed to go on: give the same command with --resume"
    )
  }
}
