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
    let nodes = try network.calls.map { call in
      let node = network.nodes[call.node]
      let parameters = try network.parameterCount(ofNode: call.node)
      let count = parameters.trainable + parameters.fixed
      let shapes = call.outputShapes.map(\.description).joined(separator: ", ")
      return GraphDrawing.Node(
        title: node.name,
        lines: [node.layer.className, shapes]
          + (count > 0 ? ["\(SummaryTable.grouped(count)) parameters"] : []),
        kind: node.layer.className)
    }
    let edges = network.calls.enumerated().flatMap { index, call in
      // Two outputs of one layer are one line.
      Set(call.inputs.map(\.call)).sorted().map { (from: $0, to: index) }
    }
    let parameters = try network.parameterCount()
    try file.write(
      GraphDrawing(
        nodes, edges: edges,
        heading: Heading(
          title: network.name,
          lines: [
            "\(FigureHeading.fileName(options.model)): \(network.listedNodes.count) layers, "
              + SummaryTable.grouped(parameters.trainable + parameters.fixed) + " parameters"
          ])))
  }
}
