import ArgumentParser
import CNN
import Figures

/// What a model is given.
struct PlotInputCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "input",
    abstract: "Draws an input as the model takes it, resized and scaled.",
    discussion: """
      Example: cnntool plot input Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --colormap gray -o input.png

      Three channels are drawn in colour, from the least value to the greatest; with --channels apart.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var colors: ColorOptions
  @OptionGroup var file: FigureFile

  @Flag(help: "Draw the channels of a picture in colour apart.")
  var channels = false

  func run() throws {
    let network = try options.network()
    let (_, tensors) = try inputs.load(for: network)
    guard tensors[0].shape[0] == 1 else {
      throw ToolFailure("the input holds \(tensors[0].shape[0]) items; choose one with --index")
    }
    let tensor = tensors[0].withoutBatch
    let name = network.inputNames[0]
    let size = tensor.shape.map(String.init).joined(separator: " × ")
    var heading = Heading(title: "\(name): \(size)", lines: [FigureHeading.input(inputs)])
    if tensors.count > 1 { heading.lines.append("the first of \(tensors.count) inputs") }
    if !channels, let pictures = ColorPictures([tensor], range: colors.range) {
      heading.lines += [pictures.rangeText]
      return try file.write(
        MapGrid(
          rasters: pictures.rasters, titles: [], heading: heading,
          shape: GridShape(rows: 1, columns: 1), cell: colors.cell))
    }
    guard tensor.shape.count > 1 else {
      return try file.write(BarChart(tensor.values, heading: heading))
    }
    var maps = try FeatureMap.maps(of: tensor, layer: name)
    if maps.count == 1 { maps[0].title = "" }
    try file.write(
      MapGrid(
        colors.colored(maps), heading: heading, shape: GridShape(nearSquare: maps.count),
        cell: colors.cell))
  }
}
