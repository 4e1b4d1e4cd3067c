/// Maps in a table: a line for each picture, a column for each layer, all drawn equally large.
public struct MapTable: Figure {
  public let heading: Heading
  private let rowTitles: [String]
  private let columns: [Column]
  private let side: Double

  /// What one column shows, by a scale of its own.
  public struct Column: Sendable {
    let title: String
    /// What is drawn in each line.
    public let rasters: [Raster]
    let caption: String
    let colorBar: ColorBar?

    /// Maps of numbers.
    public init(title: String, maps: ColoredMaps) {
      self.title = title
      rasters = maps.rasters
      caption = maps.commonScale.map { ColoredMaps.text($0) } ?? "each by its own"
      colorBar = maps.colorBar
    }

    /// Pictures, whose colours are their own.
    public init(title: String, pictures: [Raster]) {
      self.title = title
      rasters = pictures
      caption = ""
      colorBar = nil
    }
  }

  private static let gap = 8.0
  private static let titleHeight = 30.0

  /// - Parameter side: How wide and high the largest side of a map is drawn at most, in units.
  /// - Precondition: Every column has as many maps as there are titles.
  public init(heading: Heading, rowTitles: [String], columns: [Column], side: Double? = nil) {
    precondition(columns.allSatisfy { $0.rasters.count == rowTitles.count }, "a ragged table")
    self.heading = heading
    self.rowTitles = rowTitles
    self.columns = columns
    // A cell takes a pixel at least.
    let cells = columns.flatMap(\.rasters).map { max($0.width, $0.height) }.max() ?? 1
    self.side = max(
      side ?? (rowTitles.count > 4 ? 96 : 128),
      Double(cells) / Double(FigureFormat.pixelsPerUnit))
  }

  private var labelWidth: Double {
    let widest = rowTitles.map { TextStyle.body.width(of: $0) }.max() ?? 0
    return widest == 0 ? 0 : widest.rounded(.up) + 10
  }

  /// The largest side, with the titles of its column.
  private func width(_ column: Column) -> Double {
    max(
      side, TextStyle.body.bold.width(of: column.title).rounded(.up),
      TextStyle.caption.width(of: column.caption).rounded(.up))
  }

  private var footHeight: Double { columns.contains { $0.colorBar != nil } ? 14 : 0 }

  public var size: Size {
    let width = columns.map { self.width($0) + Self.gap }.reduce(labelWidth, +) - Self.gap
    let height = Self.titleHeight + Double(rowTitles.count) * (side + Self.gap) + footHeight
    return heading.size(around: Size(width: width, height: height))
  }

  /// Where the cells of a map are, in units: as many whole pixels a cell as fit.
  public func frame(row: Int, column: Int) -> Rectangle {
    let raster = columns[column].rasters[row]
    let pixels = side * Double(FigureFormat.pixelsPerUnit)
    let cell = max(1, (pixels / Double(max(raster.width, raster.height))).rounded(.down))
    let unit = cell / Double(FigureFormat.pixelsPerUnit)
    let (width, height) = (Double(raster.width) * unit, Double(raster.height) * unit)
    let left = columns[..<column].map { self.width($0) + Self.gap }.reduce(labelWidth, +)
    return Rectangle(
      x: heading.origin.x + left + ((self.width(columns[column]) - width) / 2).rounded(.down),
      y: heading.origin.y + Self.titleHeight + Double(row) * (side + Self.gap)
        + ((side - height) / 2).rounded(.down),
      width: width, height: height)
  }

  public func draw(on canvas: Canvas) {
    heading.draw(on: canvas)
    for (row, title) in rowTitles.enumerated() {
      let y =
        heading.origin.y + Self.titleHeight + Double(row) * (side + Self.gap) + side / 2
      canvas.text(
        title, at: Point(x: heading.origin.x, y: y - TextStyle.body.lineHeight / 2), .body)
    }
    for (index, column) in columns.enumerated() {
      let left = columns[..<index].map { width($0) + Self.gap }.reduce(labelWidth, +)
      let middle = heading.origin.x + left + width(column) / 2
      canvas.text(
        column.title, at: Point(x: middle, y: heading.origin.y), TextStyle.body.bold, .center)
      canvas.text(
        column.caption, at: Point(x: middle, y: heading.origin.y + 14), .caption, .center)
      for (row, raster) in column.rasters.enumerated() {
        canvas.draw(raster, in: frame(row: row, column: index))
      }
      if let bar = column.colorBar {
        drawScale(bar, on: canvas, middle: middle)
      }
    }
  }

  /// The column's scale, lying below it; its numbers are in the caption above.
  private func drawScale(_ bar: ColorBar, on canvas: Canvas, middle: Double) {
    let y = heading.origin.y + Self.titleHeight + Double(rowTitles.count) * (side + Self.gap)
    let area = Rectangle(x: (middle - side / 2).rounded(), y: y + 2, width: side, height: 8)
    let scale = bar.scale
    let cells = (0..<256).map {
      scale.color(Float(scale.low + (Double($0) + 0.5) / 256 * (scale.high - scale.low)))
    }
    canvas.draw(Raster(width: 256, height: 1, cells: cells), in: area)
    canvas.frame(area, .line)
  }
}
