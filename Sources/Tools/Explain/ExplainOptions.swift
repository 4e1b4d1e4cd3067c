import ArgumentParser
import CNN
import DataFiles
import Figures

/// What is explained of which pictures, and where that goes.
struct ExplainOptions: ParsableArguments {
  @OptionGroup var model: ModelOptions
  @OptionGroup var pictures: PictureRows
  @OptionGroup var compute: ComputeOptions

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "The class whose score is explained, by its number from 0 or its name in --labels; without it "
        + "the winner.", valueName: "class"))
  var classDesignation: String?

  @Option(
    help: ArgumentHelp("A text file with a class name a line.", valueName: "file"),
    completion: .file())
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "Of a model with several outputs the one that is explained; without it the first.",
      valueName: "name"))
  var modelOutput: String?

  @Flag(help: "Explain the output itself, behind its softmax or sigmoid.")
  var fromProbabilities = false

  @Option(
    help: ArgumentHelp(
      "The colours: viridis, magma, inferno, plasma, cividis, gray, or coolwarm, which is centred on "
        + "zero; without it coolwarm for numbers of either sign, else viridis.", valueName: "name"))
  var colormap: ColorMap?

  @Option(
    help: ArgumentHelp(
      "Which numbers the ends of the colours stand for: per-layer, the least and the greatest of all "
        + "pictures; per-map, of each; or LOW:HIGH, as in --range=-1:1. The figure says which.",
      valueName: "range"))
  var range = ValueRange.perLayer

  @Option(
    help: ArgumentHelp(
      "Write the numbers, too, with the pictures as first axis.", valueName: "file"),
    completion: .file(extensions: ["npy"]))
  var npy: String?

  @Flag(help: "Print as JSON what was explained.")
  var json = false

  @OptionGroup var file: FigureFile

  func validate() throws {
    if json, file.output == "-" || npy == "-" {
      throw ValidationError("--json is printed, and so would '-' be: name a file")
    }
  }

  func network() throws -> Network { try model.network() }

  /// Explains each picture, and writes the figure and what else was asked for.
  func explain<Method: ExplanationMethod>(_ method: Method, _ network: Network) throws {
    let colors = colormap ?? (method.isSigned ? .coolwarm : .viridis)
    try ColorOptions.check(colors, range)
    for path in [file.output, npy].compactMap({ $0 }) { try model.refuse(asOutput: path) }
    let names = try labels.map(LabelFile.read)
    let output = try outputIndex(network)
    var explainer: (shapes: [Shape], explainer: Explainer<Method>)?
    var items: [ExplanationTable.Item] = []
    for row in try pictures.rows(network) {
      // Pictures of a size share what is made for it.
      if explainer?.shapes != row.network.inputShapes {
        explainer = (
          row.network.inputShapes,
          try Explainer(
            method, row.network, output: output, fromProbabilities: fromProbabilities,
            threads: compute.threads, algorithm: compute.convolutionAlgorithm)
        )
      }
      guard let explainer = explainer?.explainer else { continue }
      let chosen = try classIndex(names, explainer.classCount, network.outputNames[output])
      let explanation = try explainer.explain(row.inputs, classIndex: chosen)
      items.append(
        ExplanationTable.Item(
          row: row, explanation: explanation, label: names?[explanation.classIndex]))
    }
    let table = ExplanationTable(
      items: items, method: method.title, layer: explainer?.explainer.targets.layers.first,
      scoreText: fromProbabilities ? "output" : "score in front of the last activation",
      colormap: colors, range: range)
    let figure = try table.figure(inputLine: pictures.headingLine)
    if let npy { try OutputFile.write(NPY.bytes(of: try table.array()), to: npy) }
    try file.write(figure)
    if json { try JSONOutput.print(table.reports) }
  }

  private func outputIndex(_ network: Network) throws -> Int {
    guard let modelOutput else { return 0 }
    guard let index = network.outputNames.firstIndex(of: modelOutput) else {
      throw ToolFailure(
        "there is no output '\(modelOutput)'; the outputs are: "
          + network.outputNames.joined(separator: " "))
    }
    return index
  }

  /// The class that was asked for; nil for the winner.
  private func classIndex(_ names: [String]?, _ count: Int, _ output: String) throws -> Int? {
    if let names, names.count != count {
      throw ToolFailure(
        "\(labels ?? ""): it has \(names.count) labels; output '\(output)' has \(count) classes")
    }
    guard let classDesignation else { return nil }
    if let index = names?.firstIndex(of: classDesignation) { return index }
    guard let index = Int(classDesignation) else {
      throw ToolFailure(
        names.map {
          "there is no class '\(classDesignation)'; the labels are: \($0.joined(separator: ", "))"
        } ?? "--class is '\(classDesignation)'; expected a number from 0, or --labels with names")
    }
    guard (0..<count).contains(index) else {
      throw ToolFailure(
        "there is no class \(index); output '\(output)' has classes 0 to \(count - 1)")
    }
    return index
  }
}
