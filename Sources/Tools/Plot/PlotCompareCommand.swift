import ArgumentParser
import CNN
import Figures

/// One channel through the layers, for several pictures.
struct PlotCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Draws the same channel of each layer for several pictures, a line each.",
    discussion: """
      Example: cnntool plot compare Models/fashion-mnist.h5 --data fashion-mnist --classes 0,9 \
      --pictures 3 --channel 10 --scale 1/255 -o compare.png

      Or with --input for each picture.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var pictures: PictureRows
  @OptionGroup var compute: ComputeOptions
  @OptionGroup var colors: ColorOptions
  @OptionGroup var file: FigureFile

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The channel, from 0.", valueName: "number"))
  var channel: Int

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A layer; may be repeated. Without it all that have maps of that channel.",
      valueName: "layer"))
  var layer: [String] = []

  func run() throws {
    let network = try options.network()
    let layers = try layer.isEmpty ? layersWithChannel(network) : network.layerPaths(layer)
    let table = PictureTable(rows: try pictures.rows(network), colors: colors, compute: compute)
    try file.write(
      try table.figure(
        heading: Heading(
          title: "\(FigureHeading.fileName(options.model)): channel \(channel)",
          lines: [pictures.headingLine]),
        layers: layers.map { ($0, $0) }
      ) { maps, path in
        guard maps.indices.contains(channel) else { throw noChannel(path, maps.count) }
        return maps[channel]
      })
  }

  private func layersWithChannel(_ network: Network) throws -> [String] {
    let layers = PictureTable.layersWithMaps(network)
    let fitting = layers.filter { path in
      let index = network.nodes.firstIndex { $0.name == path } ?? 0
      let sizes = network.firstCall(ofNode: index)?.outputShapes.first?.sizes
      return (0..<((sizes?.last ?? nil) ?? 0)).contains(channel)
    }
    guard !fitting.isEmpty else {
      throw ToolFailure("no layer with maps has a channel \(channel); --channel counts from 0")
    }
    return fitting
  }

  private func noChannel(_ path: String, _ count: Int) -> ToolFailure {
    ToolFailure("layer '\(path)' has channels 0 to \(count - 1); there is no channel \(channel)")
  }
}
