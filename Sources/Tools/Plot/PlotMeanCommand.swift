import ArgumentParser
import CNN
import Figures

/// The mean over the channels of the first layers.
struct PlotMeanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mean",
    abstract: "Draws the mean over all channels of the first layers, a line for each picture.",
    discussion: """
      Example: cnntool plot mean Models/fashion-mnist.h5 --input Models/samples/bag.png --input \
      Models/samples/coat.png --scale 1/255 --first 3 -o means.png

      With --data, or --download, a picture of each class of a data set.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var pictures: PictureRows
  @OptionGroup var compute: ComputeOptions
  @OptionGroup var colors: ColorOptions
  @OptionGroup var file: FigureFile

  @Option(help: ArgumentHelp("How many layers with maps, from the first.", valueName: "number"))
  var first = 3

  func validate() throws {
    guard first > 0 else { throw ValidationError("--first is \(first); expected at least 1") }
  }

  func run() throws {
    let network = try options.network()
    let layers = PictureTable.layersWithMaps(network).prefix(first)
    guard !layers.isEmpty else { throw ToolFailure("no layer of the model has maps") }
    let table = PictureTable(rows: try pictures.rows(network), colors: colors, compute: compute)
    try file.write(
      try table.figure(
        heading: Heading(
          title: "\(FigureHeading.fileName(options.model)): mean over the channels",
          lines: [pictures.headingLine]),
        layers: layers.map { ($0, $0) }
      ) { maps, _ in FeatureMap.mean(of: maps, title: "") })
  }
}
