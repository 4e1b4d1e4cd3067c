import ArgumentParser
import CNN
import Figures

/// A model as a graph.
struct PlotModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract:
      "Draws a model's layers with their shapes, from top to bottom, branches side by side.",
    discussion: "Example: cnntool plot model Models/fashion-mnist.h5 -o model.svg")

  @OptionGroup var options: ModelOptions
  @OptionGroup var file: FigureFile

  func run() throws {
    let network = try options.network()
    let parameters = try network.parameterCount()
    try file.write(
      try GraphDrawing(
        network,
        heading: Heading(
          title: network.name,
          lines: [
            "\(FigureHeading.fileName(options.model)): \(network.listedNodes.count) layers, "
              + SummaryTable.grouped(parameters.trainable + parameters.fixed) + " parameters"
          ])))
  }
}
