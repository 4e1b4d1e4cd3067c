import Kernel

/// How the floats of a value lie: in rows, as far from each other as those of the value that it is a part of.
///
/// A value that is no part has one row a picture, with nothing between them.
struct RowLayout: Equatable {
  /// The floats of a row.
  let length: Int
  /// The floats from a row to the next.
  let stride: Int

  /// How far a float is from the first of the value's pictures.
  func place(_ index: Int) -> Int { index / length * stride + index % length }

  /// Whether no row begins or ends within a pixel, and none within a line unless each pixel is one.
  func suits(height: Int, width: Int, channels: Int) -> Bool {
    length == channels || length == width * channels || length == height * width * channels
  }

  /// The distances of a picture's pixels, which the rows suit; nil where nothing is between them.
  func spacing(height: Int, width: Int, channels: Int) -> OutputSpacing? {
    if length == stride { return nil }
    return OutputSpacing(
      image: place(height * width * channels), row: place(width * channels),
      pixel: place(channels))
  }
}

extension Program {
  /// How a value lies in memory.
  func layout(_ tensor: TensorRecord) -> RowLayout {
    let count = tensor.count
    guard tensor.placement == .part else { return RowLayout(length: count, stride: count) }
    let rows = count / tensor.rowLength
    return RowLayout(
      length: tensor.rowLength, stride: self.tensor(tensor.whole).count / rows)
  }
}
