import ArgumentParser

/// Figures of what a model computes and has learnt.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract:
      "Draws feature maps, filters, outputs, training curves and models, as PNG, SVG or PDF.",
    discussion: """
      Example: cnntool plot maps Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --layer conv_layer_1 -o maps.png

      The ending of the output's name says which kind of file it is. Cells are never smoothed, and \
      what the colours stand for is on the figure; 'cnntool dump-layer' writes the numbers.
      """,
    subcommands: [
      PlotMapsCommand.self, PlotMeanCommand.self, PlotCompareCommand.self, PlotFiltersCommand.self,
      PlotVectorCommand.self, PlotInputCommand.self, PlotHistoryCommand.self, PlotModelCommand.self,
    ])
}
