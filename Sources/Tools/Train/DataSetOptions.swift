import ArgumentParser
import CNN
import DataSets

/// The items that a model is trained with or evaluated on.
struct DataSetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder of IDX files or of pictures by class, a CSV, .npz or .npy file.", valueName: "path"),
    completion: .directory)
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Fetch a public data set into the user's cache in place of --data: mnist or fashion-mnist.",
      valueName: "name"))
  var download: PublicDataSet?

  @OptionGroup var standardization: Standardization

  @Option(
    help: ArgumentHelp(
      "What is compared: sparse_categorical_crossentropy, categorical_crossentropy, "
        + "binary_crossentropy, mse, mae or huber.", valueName: "name"))
  var loss = "sparse_categorical_crossentropy"

  @Flag(help: "Outputs are logits, not probabilities.")
  var fromLogits = false

  @Option(help: ArgumentHelp("The items of a step.", valueName: "number"))
  var batchSize = 32

  @Flag(help: "End where an item cannot be read, rather than leave it out.")
  var strict = false

  @Option(
    help: ArgumentHelp(
      "The number of threads; without it CNN_THREADS, or one for each core.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    guard (data == nil) != (download == nil) else {
      throw ValidationError("expected --data or --download, one of the two")
    }
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

  /// The path of the data, fetched where that was asked for.
  func path() throws -> String {
    if let download {
      return try Download.fetch(download, showsProgress: StandardError.isTerminal)
    }
    return data ?? ""
  }

  /// The names of the classes, where the data set has some.
  func classNames(of items: any DataSet) -> [String]? { items.classNames ?? download?.classNames }

  /// The items at a path, with the shapes of the model: those to train with and those to test.
  func open(_ path: String, for shapes: ItemShapes) throws -> DataSets.Opened {
    try DataSets.open(path, inputShape: shapes.input, classes: shapes.classes)
  }

  /// The items at a path to test with; all of them, where they are not divided.
  func openTest(_ path: String, for shapes: ItemShapes) throws -> any DataSet {
    try DataSets.openTest(path, inputShape: shapes.input, classes: shapes.classes)
  }

  /// The data as the model takes it: standardised, with the targets that the loss compares.
  func prepared(_ data: any DataSet, for shapes: ItemShapes) throws -> any DataSet {
    var result = data
    let standardizer = standardization.standardizer
    if !standardizer.isIdentity { result = try Standardized(result, standardizer) }
    if let classes = shapes.output?.last, classes > 1, result.targetShape.isEmpty,
      try !chosenLoss().takesClassNumbers
    {
      result = try OneHot(result, classes: classes)
    }
    return result
  }
}

/// What of a model its data must fit: the shapes of its first input and output, nil where sizes are open.
struct ItemShapes {
  let input: [Int]?
  let output: [Int]?

  init(_ network: Network) {
    input = network.inputShapes[0].known
    output = network.outputShapes[0].known
  }

  init(_ program: CompiledProgram) {
    input = program.inputShapes[0].known
    output = program.outputShapes[0].known
  }

  /// A single output tells two classes apart.
  var classes: Int? { output?.last.map { max($0, 2) } }
}

extension PublicDataSet: ExpressibleByArgument {}
