import ArgumentParser
import CNN
import Figures

/// The kernels of a convolution.
struct PlotFiltersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filters",
    abstract: "Draws the kernels of a convolution: rows are filters, columns input channels.",
    discussion: """
      Example: cnntool plot filters Models/fashion-mnist.h5 --layer conv_layer_1 -o filters.png

      Weights are brought to 0 to 1 over the whole layer; the figure says from where. The filters of a \
      single input channel, and those drawn in colour, make a grid.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var file: FigureFile

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The layer; without it the first with kernels.", valueName: "layer"))
  var layer: String?

  @Option(
    help: ArgumentHelp(
      "The colours: viridis, magma, inferno, plasma, cividis or gray.", valueName: "name"))
  var colormap = ColorMap.viridis

  @Option(
    help: ArgumentHelp(
      "How many filters and input channels are drawn at most, from the first; what is left out, the "
        + "figure says.", valueName: "RxC"))
  var grid: GridShape?

  @Option(help: ArgumentHelp("The pixels of a weight in a PNG.", valueName: "number"))
  var cell: Int?

  @Flag(help: "Draw the filters of three input channels in colour.")
  var color = false

  /// The most filters and channels that are drawn unless more are asked for.
  private static let most = 64

  func validate() throws {
    if let cell, !(1...1000).contains(cell) {
      throw ValidationError("--cell is \(cell); expected 1 to 1000 pixels")
    }
    if colormap.isDiverging {
      throw ValidationError(
        "filters are drawn from 0 to 1, and \(colormap.rawValue) is centred on zero; take another")
    }
  }

  func run() throws {
    let network = try options.network()
    let (path, kernel, isTransposed) = try kernel(network)
    let filters: FilterGrid
    do {
      filters = try FilterGrid(kernel, hasFiltersFirst: isTransposed)
    } catch {
      throw ToolFailure("layer '\(path)': \(error)")
    }
    let shape = kernel.shape.map(String.init).joined(separator: " × ")
    let heading = Heading(
      title: "\(path): \(filters.filters) filters, \(filters.channels) input "
        + (filters.channels == 1 ? "channel" : "channels"),
      lines: ["kernel \(shape), normalised over the layer:", limits(filters)])
    if color || filters.channels == 1 {
      try drawGrid(filters, heading)
    } else {
      try drawTable(filters, heading)
    }
  }

  /// `0 is −0.61, 1 is 0.43`.
  private func limits(_ filters: FilterGrid) -> String {
    "0 is \(NumberText.short(filters.low)), 1 is \(NumberText.short(filters.high))"
  }

  /// Filters in a square, one after the other.
  private func drawGrid(_ filters: FilterGrid, _ heading: Heading) throws {
    let shape = grid ?? GridShape(nearSquare: min(filters.filters, Self.most * Self.most))
    let count = min(filters.filters, shape.count)
    var heading = heading
    if count < filters.filters {
      heading.lines.append("the first \(count) of \(filters.filters) filters")
    }
    let titles = (0..<count).map(String.init)
    guard color else {
      var maps = (0..<count).map { filters[$0, 0] }
      for index in maps.indices { maps[index].title = titles[index] }
      let colored = ColoredMaps(maps, map: colormap, range: .fixed(low: 0, high: 1))
      return try file.write(MapGrid(colored, heading: heading, shape: shape, cell: cell))
    }
    guard filters.channels == 3 else {
      throw ToolFailure(
        "--color draws filters of three input channels; this layer has \(filters.channels)")
    }
    try file.write(
      MapGrid(
        rasters: (0..<count).map(filters.colored), titles: titles, heading: heading,
        shape: shape, cell: cell))
  }

  /// A row for each filter, a column for each input channel.
  private func drawTable(_ filters: FilterGrid, _ heading: Heading) throws {
    let most = grid ?? GridShape(rows: Self.most, columns: Self.most)
    let shape = GridShape(
      rows: min(filters.filters, most.rows), columns: min(filters.channels, most.columns))
    var heading = heading
    heading.lines.append(
      "rows: filters 0 to \(shape.rows - 1) of \(filters.filters); columns: input channels 0 to "
        + "\(shape.columns - 1) of \(filters.channels)")
    let maps = (0..<shape.rows).flatMap { filter in
      (0..<shape.columns).map { filters[filter, $0] }
    }
    let colored = ColoredMaps(maps, map: colormap, range: .fixed(low: 0, high: 1))
    try file.write(MapGrid(colored, heading: heading, shape: shape, cell: cell))
  }

  /// The kernel of the layer that was asked for, or of the first that has one.
  private func kernel(
    _ network: Network
  ) throws -> (path: String, kernel: Tensor, isTransposed: Bool) {
    let paths = try layer.map { [try network.layerPath($0)] } ?? network.layerPaths
    for path in paths {
      guard let (owner, index) = network.node(at: path) else { continue }
      let node = owner.nodes[index]
      let names = try owner.weightSpecifications(ofNode: index)
      guard
        let place = names.firstIndex(where: {
          $0.name.hasSuffix("kernel") && (3...4).contains($0.shape.count)
        }), let weights = node.weights
      else { continue }
      return (path, weights[place], node.layer.className.contains("Transpose"))
    }
    throw ToolFailure(
      layer == nil
        ? "no layer of the model has kernels of two dimensions"
        : "layer '\(paths[0])' has no kernels of one or two dimensions")
  }
}

extension Network {
  /// The layer at a path, and the network that it is in; nil where there is none.
  fileprivate func node(at path: String) -> (network: Network, index: Int)? {
    for (index, node) in nodes.enumerated() {
      if node.name == path { return (self, index) }
      guard path.hasPrefix(node.name + "/"), let nested = node.layer as? NestedNetwork else {
        continue
      }
      return nested.network.node(at: String(path.dropFirst(node.name.count + 1)))
    }
    return nil
  }
}
