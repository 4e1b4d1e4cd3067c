import ArgumentParser
import CNN
import Figures

/// A layer's feature maps.
struct PlotMapsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maps",
    abstract: "Draws the feature maps of a layer in a grid, or of every layer, a figure each.",
    discussion: """
      Example: cnntool plot maps Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --layer conv_layer_1 --grid 8x8 -o maps.png

      A layer that gives a vector is drawn as bars. --strip draws how each map differs from its own \
      mean: (value - mean) / deviation * 64 + 128, cut off at 0 and 255, all maps of a layer side by \
      side.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var compute: ComputeOptions
  @OptionGroup var drawing: LayerDrawing

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A layer's name or index, 'outer/inner' inside of a nested model, or 'all'; may be repeated.",
      valueName: "layer"))
  var layer: [String]

  @Option(help: "What the files of a folder are: png, svg or pdf.")
  var format = FigureFormat.png

  @Flag(help: "Print as JSON which colours were drawn where, in pixels of a PNG.")
  var json = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A file that ends in .png, .svg or .pdf, a folder for figures named after the layers, or '-' for "
        + "PNG to standard output.", valueName: "path"),
    completion: .directory)
  var output: String

  func validate() throws {
    if json, output == "-" || drawing.strip {
      throw ValidationError("--json says where the maps of a file are: name one, without --strip")
    }
  }

  /// Whether all goes into one file.
  private var isFile: Bool { output == "-" || FigureFormat(fileName: output) != nil }

  func run() throws {
    let network = try options.network()
    let paths = try network.layerPaths(layer)
    guard !isFile || paths.count == 1 || drawing.strip else {
      throw ToolFailure(
        "\(paths.count) layers are several figures: name a folder with -o, or use --strip",
        isUsage: true)
    }
    var layers = try LayerOutputs(of: paths, network, inputs, compute).layers
    let input = FigureHeading.input(inputs)
    if drawing.strip {
      if layer.contains(where: network.isAll) {
        layers.removeAll { !(2...4).contains($0.output.shape.count) }
      }
      if isFile { return try FigureFile.write(try drawing.strips(layers, input), to: output) }
    }
    var reports: [MapsReport] = []
    if !isFile { try OutputFile.makeFolder(output) }
    for layer in drawable(layers, network) {
      let path = isFile ? output : file(of: layer.path)
      if drawing.strip {
        try FigureFile.write(try drawing.strips([layer], input), to: path)
      } else if let chart = drawing.chart(layer, input) {
        try FigureFile.write(chart, to: path)
      } else {
        let (figure, maps) = try drawing.grid(layer, input)
        try FigureFile.write(figure, to: path)
        reports.append(MapsReport(file: path, layer: layer.path, figure, maps))
      }
      if !isFile, !json { print(path) }
    }
    if json { try JSONOutput.print(reports) }
  }

  /// The layers that can be drawn; of those that nobody named, others are left out, which is said.
  private func drawable(
    _ layers: [(path: String, output: Tensor)], _ network: Network
  ) -> [(path: String, output: Tensor)] {
    guard layer.contains(where: network.isAll) else { return layers }
    return layers.filter { layer in
      let shape = layer.output.shape
      let isDrawable = (1...4).contains(shape.count) && !shape.contains(0)
      if !isDrawable {
        StandardError.write(
          "cnntool: left out: layer '\(layer.path)' gives values of shape \(shape)")
      }
      return isDrawable
    }
  }

  /// A nested layer's slash becomes a point.
  private func file(of layer: String) -> String {
    let name = String(layer.map { $0 == "/" ? "." : $0 })
    return (output.hasSuffix("/") ? output : output + "/") + "\(name).\(format.rawValue)"
  }
}

extension FigureFormat: ExpressibleByArgument {}
