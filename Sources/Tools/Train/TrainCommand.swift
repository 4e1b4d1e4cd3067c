import ArgumentParser
import CNN
import DataSets

/// Trains a model on a data set.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a model on a data set, and writes it as a file that Keras loads.",
    discussion: """
      Example: cnntool train --data fashion-mnist --model Models/fashion-mnist.h5 --fresh --scale 1/255 \
      --epochs 5 -o model.h5

      The data is a folder with MNIST's IDX files, a folder with a folder of pictures for each class, a CSV \
      file with a column of labels, or NumPy's .npz or .npy. The architecture is the model's; a file of an \
      architecture alone (model.to_json()) is trained from new weights. The same seed gives the same \
      weights, with any number of threads.
      """)

  @OptionGroup var data: DataSetOptions

  @Option(
    help: ArgumentHelp(
      "A Keras model to go on training, or the text of model.to_json().", valueName: "file"),
    completion: .file(extensions: ["h5", "hdf5", "keras", "json"]))
  var model: String

  @Flag(help: "Keep the model's architecture, but begin with new weights.")
  var fresh = false

  @Option(
    help: "How weights are changed: sgd, rmsprop, adam, adamw, adagrad, adadelta or nadam.")
  var optimizer = "adam"

  @Option(help: "The learning rate; without it the optimizer's own.")
  var learningRate: Double?

  @Option(help: "How often to go through the data.")
  var epochs = 5

  @Option(help: "What new weights, the order of the items and dropout are drawn from.")
  var seed: UInt64 = 0

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write: .h5, .hdf5 or .keras.", valueName: "file"),
    completion: .file(extensions: ["h5", "hdf5", "keras"]))
  var output: String

  @Flag(help: "Keep to direct convolution, which rounds least.")
  var exact = false

  @Flag(help: "Print the history as JSON.")
  var json = false

  func validate() throws {
    guard epochs > 0 else { throw ValidationError("--epochs is \(epochs); expected at least 1") }
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate is \(learningRate); expected more than 0")
    }
  }

  func run() throws {
    // What may be wrong is found before the work begins.
    _ = try ModelFormat(path: output)
    var optimizer = try chosenOptimizer()
    if let learningRate { optimizer.learningRate = .constant(learningRate) }
    let loss = try data.chosenLoss()
    var network = try initialNetwork()
    let opened = try data.open(for: network)
    var progress = Progress(total: epochs * opened.training.count)
    try network.initializeWeights(seed: seed)
    let trainer = try Trainer(
      network, optimizer: optimizer, loss: loss, batchSize: data.batchSize, seed: seed,
      threads: data.threads, algorithm: exact ? .direct : .automatic)
    let history = try trainer.fit(opened.training, validation: opened.test, epochs: epochs) {
      progress.advance(to: $0.epoch * $0.itemCount + $0.items)
      return true
    }
    try trainer.network.save(to: output, training: trainer.state)
    if json { return try JSONOutput.print(history.rows.map(Epoch.init)) }
    print(history.csv(), terminator: "")
  }

  private struct Epoch: Encodable {
    var epoch: Int
    var values: [String: Double]

    init(_ row: History.Row) {
      epoch = row.epoch
      values = row.values
    }
  }

  /// The model with its weights, or without any where new ones are asked for.
  private func initialNetwork() throws -> Network {
    if fresh { return try Network(architectureOf: model) }
    do {
      return try Network(contentsOf: model)
    } catch let error as LoadError {
      // An architecture alone begins with new weights.
      guard let network = try? Network(architectureOf: model), !Self.isHDF5(model) else {
        throw error
      }
      return network
    }
  }

  private static func isHDF5(_ path: String) -> Bool { (try? ModelFormat(path: path)) != nil }

  private func chosenOptimizer() throws -> Optimizer {
    let known: [String: Optimizer] = [
      "sgd": .sgd(), "rmsprop": .rmsprop(), "adam": .adam(), "adamw": .adamW(),
      "adagrad": .adagrad(), "adadelta": .adadelta(), "nadam": .nadam(),
    ]
    guard let optimizer = known[optimizer.lowercased()] else {
      throw ToolFailure(
        "--optimizer is '\(optimizer)'; expected \(known.keys.sorted().joined(separator: ", "))",
        isUsage: true)
    }
    return optimizer
  }
}
