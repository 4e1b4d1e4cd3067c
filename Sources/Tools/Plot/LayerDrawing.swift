import ArgumentParser
import CNN
import Figures

/// How a layer's feature maps are arranged.
struct LayerDrawing: ParsableArguments {
  @OptionGroup var colors: ColorOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Only this channel, from 0; may be repeated.", valueName: "number"))
  var channel: [Int] = []

  @Option(
    help: ArgumentHelp(
      "Rows and columns; without it about a square, with --stack four rows. Maps beyond it are left "
        + "out, which the figure says.", valueName: "RxC"))
  var grid: GridShape?

  @Flag(help: "Maps touch each other, without titles.")
  var stack = false

  @Flag(help: "The maps of a layer side by side, each around its own mean.")
  var strip = false

  func validate() throws {
    if strip, stack || grid != nil || colors.range != .perLayer || colors.colormap.isDiverging {
      throw ValidationError(
        "--strip has a range and an arrangement of its own: no --stack, --grid, --range or coolwarm"
      )
    }
  }

  /// A layer that gives a vector, as bars; nil for another.
  func chart(_ layer: (path: String, output: Tensor), _ input: String) -> BarChart? {
    guard layer.output.shape.count == 1, !layer.output.values.isEmpty, channel.isEmpty else {
      return nil
    }
    return BarChart(
      layer.output.values,
      heading: Heading(title: "\(layer.path): \(layer.output.values.count) values", lines: [input]))
  }

  /// A layer's maps in a grid, and which they are.
  func grid(
    _ layer: (path: String, output: Tensor), _ input: String
  ) throws -> (figure: MapGrid, maps: ColoredMaps) {
    let all = try FeatureMap.maps(of: layer.output, layer: layer.path)
    var maps = try selected(all, layer.path)
    let shape =
      grid
      ?? (stack
        ? GridShape(rows: min(4, maps.count), columns: (maps.count + 3) / 4)
        : GridShape(nearSquare: maps.count))
    var lines = [input]
    if maps.count > shape.count {
      lines.append("the first \(shape.count) of \(maps.count) maps")
      maps.removeLast(maps.count - shape.count)
    }
    let count = maps.count == 1 ? "a map" : "\(maps.count) maps"
    let channel = channel.count == 1 ? "channel \(channel[0])" : count
    let colored = colors.colored(maps)
    let figure = MapGrid(
      colored,
      heading: Heading(
        title: "\(layer.path): \(channel) of \(FigureHeading.size(maps[0]))", lines: lines),
      shape: shape, cell: colors.cell, isStack: stack)
    return (figure, colored)
  }

  /// Layers as strips, one below the other.
  func strips(_ layers: [(path: String, output: Tensor)], _ input: String) throws -> MapStrips {
    guard !layers.isEmpty else { throw ToolFailure("no layer of the model has maps") }
    // The levels are those of the article, whatever the numbers are.
    let levels = ValueRange.fixed(low: 0, high: 255)
    var notes: [String] = []
    let strips = try layers.map { layer in
      let maps = try selected(try FeatureMap.maps(of: layer.output, layer: layer.path), layer.path)
      let colored = ColoredMaps(maps.map(\.standardized), map: colors.colormap, range: levels)
      notes += colored.notes.map { "\(layer.path): \($0)" }
      let size = FigureHeading.size(maps[0])
      return MapStrips.Strip(
        title: "\(layer.path)  \(size) × \(maps.count)", maps: colored)
    }
    return MapStrips(
      strips, scale: ColorScale(colors.colormap, low: 0, high: 255),
      heading: Heading(
        title: layers.count == 1 ? layers[0].path : "\(layers.count) layers",
        lines: [input, "each map: (value − mean) ÷ deviation · 64 + 128, range 0 … 255"] + notes),
      cell: colors.cell)
  }

  /// The maps of the channels that were asked for.
  private func selected(_ maps: [FeatureMap], _ layer: String) throws -> [FeatureMap] {
    guard let last = maps.indices.last, !channel.isEmpty else { return maps }
    return try channel.map { channel in
      guard maps.indices.contains(channel) else {
        throw ToolFailure(
          "layer '\(layer)' has channels 0 to \(last); there is no channel \(channel)")
      }
      return maps[channel]
    }
  }
}

/// What was drawn where, for machines.
struct MapsReport: Encodable {
  var file: String
  var layer: String
  var colormap: String
  /// The pixels of a cell.
  var cell: Int
  var maps: [Map]

  struct Map: Encodable {
    var title: String
    /// The upper left corner, in pixels of a PNG.
    var x: Int
    var y: Int
    var rows: Int
    var columns: Int
    /// The numbers at the ends of its colours.
    var low: Double
    var high: Double
  }

  init(file: String, layer: String, _ figure: MapGrid, _ maps: ColoredMaps) {
    self.file = file
    self.layer = layer
    colormap = maps.scales[0].map.rawValue
    cell = figure.cell
    self.maps = maps.titles.indices.map { index in
      let frame = figure.frame(of: index)
      return Map(
        title: maps.titles[index], x: Int(frame.x * Double(FigureFormat.pixelsPerUnit)),
        y: Int(frame.y * Double(FigureFormat.pixelsPerUnit)), rows: maps.rasters[index].height,
        columns: maps.rasters[index].width, low: maps.scales[index].low,
        high: maps.scales[index].high)
    }
  }
}
