/// What can be drawn.
public protocol Figure {
  var size: Size { get }

  func draw(on canvas: Canvas)
}

extension Figure {
  /// The figure as a file: white behind, in PNG `FigureFormat.pixelsPerUnit` pixels a unit.
  ///
  /// - Throws: `FigureError`, where it is too large, or cairo cannot draw it.
  public func bytes(as format: FigureFormat) throws(FigureError) -> [UInt8] {
    try Canvas.bytes(size: size, format: format, draw)
  }
}
