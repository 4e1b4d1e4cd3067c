/// Maps in rows and columns under their titles, with a colour bar; or close together without titles.
public struct MapGrid: Figure {
  public let heading: Heading
  public let shape: GridShape
  /// The pixels of a cell in a PNG.
  public let cell: Int
  private let rasters: [Raster]
  private let titles: [String]
  private let captions: [String]
  private let colorBar: ColorBar?

  private let panel: Size
  /// The height of the texts above each map.
  private let textHeight: Double
  private let gap: Double

  private static let titleStyle = TextStyle(size: 9.5)

  /// - Parameters:
  ///   - maps: What is drawn: as many as fit into `shape`.
  ///   - cell: The pixels of a cell in a PNG; nil for as many as make a figure of usual size.
  ///   - isStack: Whether maps touch each other, without titles.
  public init(
    _ maps: ColoredMaps, heading: Heading, shape: GridShape, cell: Int? = nil, isStack: Bool = false
  ) {
    let showsLimits = maps.commonScale == nil && maps.scales.count > 1 && !isStack
    self.init(
      rasters: maps.rasters, titles: isStack ? [] : maps.titles,
      captions: showsLimits ? maps.scales.map { ColoredMaps.text($0) } : [],
      colorBar: maps.colorBar,
      heading: Heading(
        title: heading.title, lines: heading.lines + [maps.rangeText] + maps.notes),
      shape: shape, cell: cell, isStack: isStack)
  }

  /// Pictures, whose colours are their own.
  ///
  /// - Precondition: There is a picture.
  public init(
    rasters: [Raster], titles: [String], captions: [String] = [], colorBar: ColorBar? = nil,
    heading: Heading, shape: GridShape, cell: Int? = nil, isStack: Bool = false
  ) {
    precondition(!rasters.isEmpty, "there is nothing to draw")
    self.heading = heading
    self.shape = shape
    self.rasters = Array(rasters.prefix(shape.count))
    self.titles = titles.allSatisfy(\.isEmpty) ? [] : titles
    self.captions = captions
    self.colorBar = colorBar
    gap = isStack ? 0 : 6
    let columns = rasters.map(\.width).max() ?? 1
    let rows = rasters.map(\.height).max() ?? 1
    let used = Double(min(shape.columns, rasters.count))
    self.cell =
      cell
      ?? CellSize.pixels(
        cells: max(columns, rows) * Int(used), gaps: (used - 1) * gap,
        width: used > 1 ? CellSize.usualWidth : 0.6 * CellSize.usualWidth)
    let unit = Double(self.cell) / Double(FigureFormat.pixelsPerUnit)
    // Room for the texts above small maps.
    let widest =
      titles.isEmpty
      ? 0
      : (titles.map { Self.titleStyle.width(of: $0) }
        + captions.map { TextStyle.caption.width(of: $0) }).max() ?? 0
    textHeight = Double((self.titles.isEmpty ? 0 : 1) + (captions.isEmpty ? 0 : 1)) * 13
    panel = Size(
      width: max(Double(columns) * unit, widest.rounded(.up)),
      height: Double(rows) * unit + textHeight)
  }

  private var usedColumns: Int { min(shape.columns, rasters.count) }
  private var usedRows: Int { (rasters.count + shape.columns - 1) / shape.columns }

  private var gridSize: Size {
    Size(
      width: Double(usedColumns) * panel.width + Double(usedColumns - 1) * gap,
      height: Double(usedRows) * panel.height + Double(usedRows - 1) * gap)
  }

  private var barHeight: Double {
    max(ColorBar.leastHeight, gridSize.height - textHeight)
  }

  public var size: Size {
    var body = gridSize
    if let colorBar {
      body.width += 18 + colorBar.width(height: barHeight)
      // The number at the lower end is half below it.
      body.height = max(body.height, textHeight + barHeight) + 6
    }
    return heading.size(around: body)
  }

  /// Where the cells of a map are, in units.
  public func frame(of index: Int) -> Rectangle {
    let (row, column) = (index / shape.columns, index % shape.columns)
    let unit = Double(cell) / Double(FigureFormat.pixelsPerUnit)
    let raster = rasters[index]
    let width = Double(raster.width) * unit
    return Rectangle(
      x: heading.origin.x + Double(column) * (panel.width + gap)
        + ((panel.width - width) / 2).rounded(.down),
      y: heading.origin.y + Double(row) * (panel.height + gap) + textHeight,
      width: width, height: Double(raster.height) * unit)
  }

  /// Where the colour bar is, in units; nil where there is none.
  public var colorBarFrame: Rectangle? {
    guard colorBar != nil else { return nil }
    return Rectangle(
      x: heading.origin.x + gridSize.width + 18, y: heading.origin.y + textHeight,
      width: ColorBar.barWidth, height: barHeight)
  }

  public func draw(on canvas: Canvas) {
    heading.draw(on: canvas)
    for (index, raster) in rasters.enumerated() {
      let area = frame(of: index)
      canvas.draw(raster, in: area)
      var y = area.y
      if !captions.isEmpty {
        y -= 12
        canvas.text(captions[index], at: Point(x: area.midX, y: y), .caption, .center)
      }
      if !titles.isEmpty {
        y -= 13
        canvas.text(titles[index], at: Point(x: area.midX, y: y), Self.titleStyle, .center)
      }
    }
    if let colorBar, let frame = colorBarFrame {
      colorBar.draw(on: canvas, at: Point(x: frame.x, y: frame.y), height: frame.height)
    }
  }
}
