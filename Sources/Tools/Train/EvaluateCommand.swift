import ArgumentParser
import CNN
import DataSets

/// How well a model does on a data set.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Prints a model's loss and accuracy on a data set, and what it takes for what.",
    discussion: """
      Example: cnntool evaluate Models/fashion-mnist.h5 --download fashion-mnist --scale 1/255

      Where the data has a part to test with, that is what is taken; with --training the other. The model may \
      be a compiled one, too: see 'cnntool compile'.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var data: DataSetOptions

  @Flag(help: "Take the items to train with.")
  var training = false

  @Option(
    help: ArgumentHelp("A text file with a class name a line.", valueName: "file"),
    completion: .file())
  var labels: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let model = try Model(options)
    let loss = try data.chosenLoss()
    let path = try data.path()
    let items =
      try training
      ? data.open(path, for: model.shapes).training : data.openTest(path, for: model.shapes)
    let names = try labels.map(LabelFile.read) ?? data.classNames(of: items)
    var progress = Progress(total: items.count)
    let prepared = try data.prepared(items, for: model.shapes)
    let result = try model.evaluate(prepared, data, loss) { progress.advance(to: $0) }
    progress.wipe()
    for item in result.skipped { StandardError.write("cnntool: left out: \(item.error)") }
    if !result.skipped.isEmpty {
      StandardError.write(
        "cnntool: items that could not be read and were left out: \(result.skipped.count)")
    }
    if let labels, let count = result.confusion?.classCount, names?.count != count {
      throw ToolFailure("\(labels): it has \(names?.count ?? 0) labels; there are \(count) classes")
    }
    let report = EvaluationReport(result, names: names)
    if json { try JSONOutput.print(report) } else { print(report.text) }
  }

  /// A network, or a compiled model.
  private enum Model {
    case network(Network)
    case compiled(CompiledProgram)

    init(_ options: ModelOptions) throws {
      self =
        CompiledModel.isCompiled(options.model)
        ? .compiled(try CompiledModel(contentsOf: options.model).program)
        : .network(try options.network())
    }

    var shapes: ItemShapes {
      switch self {
      case .network(let network): ItemShapes(network)
      case .compiled(let program): ItemShapes(program)
      }
    }

    func evaluate(
      _ items: any DataSet, _ data: DataSetOptions, _ loss: Loss, _ onProgress: (Int) -> Void
    ) throws -> Evaluation {
      switch self {
      case .network(let network):
        try network.evaluate(
          items, loss: loss, batchSize: data.batchSize, threads: data.threads,
          isStrict: data.strict, onProgress: onProgress)
      case .compiled(let program):
        try program.evaluate(
          items, loss: loss, batchSize: data.batchSize, threads: data.threads,
          isStrict: data.strict, onProgress: onProgress)
      }
    }
  }
}
