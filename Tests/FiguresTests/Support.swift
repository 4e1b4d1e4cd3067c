import DataFiles
import Figures
import Network

/// The figure as a PNG, read back.
func picture(_ figure: some Figure) throws -> Picture {
  try Picture(png: figure.bytes(as: .png), named: "figure.png")
}

extension Picture {
  /// The colour of a pixel.
  func color(_ x: Int, _ y: Int) -> RGB {
    let start = (y * width + x) * channels
    return channels == 1
      ? RGB(gray: bytes[start]) : RGB(bytes[start], bytes[start + 1], bytes[start + 2])
  }

  /// The colours of the cells in an area of a figure, where each is a block of one colour; nil where one is
  /// not.
  func cells(in area: Rectangle, rows: Int, columns: Int) -> [RGB]? {
    let perUnit = Double(FigureFormat.pixelsPerUnit)
    let (left, top) = (Int(area.x * perUnit), Int(area.y * perUnit))
    let size = Int(area.width * perUnit) / columns
    guard Int(area.height * perUnit) == size * rows, size > 0 else { return nil }
    var colors: [RGB] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let (x, y) = (left + column * size, top + row * size)
        let first = color(x, y)
        for offset in 0..<size * size
        where color(x + offset % size, y + offset / size) != first {
          return nil
        }
        colors.append(first)
      }
    }
    return colors
  }

  /// Whether a colour is anywhere.
  func has(_ wanted: RGB) -> Bool {
    (0..<width * height).contains { color($0 % width, $0 / width) == wanted }
  }
}

/// Numbers that are different in every cell of every map.
func numberedMaps(_ count: Int, rows: Int, columns: Int) -> [FeatureMap] {
  (0..<count).map { index in
    FeatureMap(
      title: "\(index)", rows: rows, columns: columns,
      values: (0..<rows * columns).map { Float(index * rows * columns + $0) * 0.37 - 3 })
  }
}
