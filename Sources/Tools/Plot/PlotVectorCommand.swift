import ArgumentParser
import CNN
import Figures

/// A vector that a layer computes, as bars.
struct PlotVectorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vector",
    abstract: "Draws what a dense layer gives as bars, the largest marked.",
    discussion: """
      Example: cnntool plot vector Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --labels Models/fashion-mnist-labels.txt -o classes.svg
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var compute: ComputeOptions
  @OptionGroup var file: FigureFile

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The layer; without it the model's last.", valueName: "layer"))
  var layer = "-1"

  @Option(
    help: ArgumentHelp("A text file with a name for each value, one a line.", valueName: "file"),
    completion: .file())
  var labels: String?

  func run() throws {
    let network = try options.network()
    let path = try network.layerPath(layer)
    let names = try labels.map(LabelFile.read)
    let output = try LayerOutputs(of: [path], network, inputs, compute).layers[0].output
    guard output.shape.count == 1, !output.values.isEmpty else {
      throw ToolFailure(
        "layer '\(path)' gives values of shape \(output.shape), which are no vector; "
          + "'cnntool plot maps' draws maps")
    }
    if let names, names.count != output.values.count {
      throw ToolFailure(
        "\(labels ?? ""): it has \(names.count) labels; layer '\(path)' has "
          + "\(output.values.count) values")
    }
    try file.write(
      BarChart(
        output.values, labels: names,
        heading: Heading(title: path, lines: [FigureHeading.input(inputs)])))
  }
}
