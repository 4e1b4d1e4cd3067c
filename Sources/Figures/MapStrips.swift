/// Maps of layers side by side, a strip for each layer.
public struct MapStrips: Figure {
  public let heading: Heading
  private let strips: [Strip]
  private let colorBar: ColorBar
  /// The width of all strips, in units.
  private let width: Double

  /// One layer's maps, side by side.
  public struct Strip: Sendable {
    let title: String
    let raster: Raster

    /// - Precondition: The maps are of one height.
    public init(title: String, maps: ColoredMaps) {
      self.title = title
      let (rasters, height) = (maps.rasters, maps.rasters[0].height)
      let cells = (0..<height).flatMap { row in
        rasters.flatMap { $0.cells[row * $0.width..<(row + 1) * $0.width] }
      }
      raster = Raster(width: cells.count / max(1, height), height: height, cells: cells)
    }
  }

  private static let gap = 8.0
  private static let titleHeight = 16.0

  /// - Parameter cell: The pixels of a cell of the longest strip in a PNG; nil for as many as make a figure of
  ///   usual size. Cells of shorter strips are larger: as many whole pixels as fit.
  /// - Precondition: There is a strip.
  public init(_ strips: [Strip], scale: ColorScale, heading: Heading, cell: Int? = nil) {
    precondition(!strips.isEmpty, "there is nothing to draw")
    self.strips = strips
    self.heading = heading
    colorBar = ColorBar(scale)
    let longest = strips.map(\.raster.width).max() ?? 1
    let pixels = cell ?? CellSize.pixels(cells: longest, gaps: 0)
    width = Double(longest * pixels) / Double(FigureFormat.pixelsPerUnit)
  }

  private func size(of strip: Strip) -> Size {
    let perUnit = Double(FigureFormat.pixelsPerUnit)
    // Not higher than the tenth of the width: few maps would make a tower.
    let wide = (width * perUnit / Double(strip.raster.width)).rounded(.down)
    let high = (width * perUnit / 8 / Double(strip.raster.height)).rounded(.down)
    let unit = max(1, min(wide, high)) / perUnit
    return Size(
      width: Double(strip.raster.width) * unit, height: Double(strip.raster.height) * unit)
  }

  private func top(of index: Int) -> Double {
    strips[..<index].map { size(of: $0).height + Self.titleHeight + Self.gap }.reduce(0, +)
  }

  public var size: Size {
    let height = max(top(of: strips.count) - Self.gap, ColorBar.leastHeight + Self.titleHeight)
    return heading.size(
      around: Size(
        width: width + 16 + colorBar.width(height: barHeight), height: height + 6))
  }

  private var barHeight: Double {
    max(ColorBar.leastHeight, min(240, top(of: strips.count) - Self.gap - Self.titleHeight))
  }

  /// Where the cells of a layer's maps are, in units.
  public func frame(of index: Int) -> Rectangle {
    let size = size(of: strips[index])
    return Rectangle(
      x: heading.origin.x, y: heading.origin.y + top(of: index) + Self.titleHeight,
      width: size.width, height: size.height)
  }

  public func draw(on canvas: Canvas) {
    heading.draw(on: canvas)
    for (index, strip) in strips.enumerated() {
      let area = frame(of: index)
      canvas.text(strip.title, at: Point(x: area.x, y: area.y - Self.titleHeight), .body)
      canvas.draw(strip.raster, in: area)
    }
    colorBar.draw(
      on: canvas,
      at: Point(x: heading.origin.x + width + 16, y: heading.origin.y + Self.titleHeight),
      height: barHeight)
  }
}
