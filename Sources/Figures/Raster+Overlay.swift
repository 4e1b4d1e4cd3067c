extension Raster {
  /// This picture in gray with as much of another's colours.
  ///
  /// Gray is as Pillow's `convert('L')` has it, ITU-R BT.601.
  ///
  /// - Precondition: Both are of one size.
  public func overlaid(with colors: Raster) -> Raster {
    precondition(
      colors.width == width && colors.height == height, "an overlay is as large as what is below")
    return Raster(
      width: width, height: height,
      cells: zip(cells, colors.cells).map { cell, color in
        let gray = 0.299 * Double(cell.red) + 0.587 * Double(cell.green) + 0.114 * Double(cell.blue)
        func half(_ part: UInt8) -> UInt8 { UInt8(((gray + Double(part)) / 2).rounded()) }
        return RGB(half(color.red), half(color.green), half(color.blue))
      })
  }
}
