import ArgumentParser
import CNN
import DataSets

/// The items that a model is trained with or evaluated on.
struct DataSetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder of IDX files or of pictures by class, a CSV, .npz or .npy file.", valueName: "path"),
    completion: .directory)
  var data: String

  @Option(help: ArgumentHelp("Multiply inputs by this, such as 1/255.", valueName: "number"))
  var scale = Ratio(numerator: 1, denominator: 1)

  @Option(
    help: ArgumentHelp(
      "What is compared: sparse_categorical_crossentropy, categorical_crossentropy, "
        + "binary_crossentropy, mse, mae or huber.", valueName: "name"))
  var loss = "sparse_categorical_crossentropy"

  @Flag(help: "Outputs are logits, not probabilities.")
  var fromLogits = false

  @Option(help: ArgumentHelp("The items of a step.", valueName: "number"))
  var batchSize = 32

  @Option(
    help: ArgumentHelp(
      "The number of threads; without it CNN_THREADS, or one for each core.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    guard batchSize > 0, batchSize <= 1 << 20 else {
      throw ValidationError("--batch-size is \(batchSize); expected 1 to 1048576")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads); expected 1 to 1024")
    }
  }

  func chosenLoss() throws -> Loss {
    guard var chosen = Loss(kerasName: loss) else {
      let known = Loss.Function.allCases.map(\.rawValue).joined(separator: ", ")
      throw ToolFailure("--loss is '\(loss)'; expected one of \(known)", isUsage: true)
    }
    chosen.fromLogits = fromLogits
    return chosen
  }

  /// The data as the network takes it: scaled, with the targets that the loss compares.
  func open(for network: Network) throws -> (training: any DataSet, test: (any DataSet)?) {
    let shape = network.inputShapes[0].known
    let classes = network.outputShapes[0].known?.last
    let opened = try DataSets.open(data, inputShape: shape, classes: classes.map { max($0, 2) })
    return (
      try prepared(opened.training, classes), try opened.test.map { try prepared($0, classes) }
    )
  }

  private func prepared(_ data: any DataSet, _ classes: Int?) throws -> any DataSet {
    var result = data
    if scale.numerator != scale.denominator {
      result = Scaled(result, by: Float(scale.numerator / scale.denominator))
    }
    if let classes, classes > 1, result.targetShape.isEmpty,
      try !chosenLoss().takesClassNumbers
    {
      result = try OneHot(result, classes: classes)
    }
    return result
  }
}
