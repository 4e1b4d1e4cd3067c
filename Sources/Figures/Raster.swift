/// Coloured cells in rows, from the top.
public struct Raster: Equatable, Sendable {
  public let width: Int
  public let height: Int
  /// Row by row.
  public let cells: [RGB]

  /// - Precondition: There are `width * height` cells.
  public init(width: Int, height: Int, cells: [RGB]) {
    precondition(cells.count == width * height, "\(cells.count) cells do not fill the raster")
    self.width = width
    self.height = height
    self.cells = cells
  }

  public subscript(row: Int, column: Int) -> RGB { cells[row * width + column] }
}
