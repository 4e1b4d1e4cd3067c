/// How large cells are drawn.
public enum CellSize {
  /// The largest that is chosen, in pixels of a PNG.
  private static let most = 48

  /// The width of a figure's maps, in units, unless there is one map only.
  public static let usualWidth = 840.0

  /// The pixels of a cell, at least one, with which so many cells and the gaps between them fill a width of
  /// about `width` units.
  public static func pixels(cells: Int, gaps: Double, width: Double = usualWidth) -> Int {
    let room = (width - gaps) * Double(FigureFormat.pixelsPerUnit)
    return max(1, min(most, Int(room / Double(max(1, cells)))))
  }
}
