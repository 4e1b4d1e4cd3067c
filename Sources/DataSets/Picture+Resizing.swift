import DataFiles
import Network

extension Picture {
  /// The picture in a PNG or JPEG file, told apart by its content.
  ///
  /// - Throws: `DataFileError` where the file cannot be read, is neither, or damaged.
  init(contentsOf path: String) throws(DataFileError) {
    let bytes = try FileBytes.read(path)
    self =
      bytes.starts(with: Picture.pngMagic)
      ? try Picture(png: bytes, named: path) : try Picture(jpeg: bytes, named: path)
  }

  /// Writes the picture in another size, as numbers from 0 to 255 of (height, width, channels): the values
  /// of `Tensor.resized`, without a tensor of the whole picture.
  func resize(
    toWidth width: Int, height: Int, interpolation: Interpolation,
    into result: inout MutableSpan<Float>
  ) {
    precondition(result.count == width * height * channels, "a span of other size")
    guard width != self.width || height != self.height else {
      let bytes = bytes.span
      for index in 0..<result.count { result[index] = Float(bytes[index]) }
      return
    }
    switch interpolation {
    case .bilinear: resizeBilinearly(width, height, &result)
    case .nearest: resizeToNearest(width, height, &result)
    }
  }

  private func resizeBilinearly(_ width: Int, _ height: Int, _ result: inout MutableSpan<Float>) {
    let bytes = bytes.span
    let columns = Tensor.neighbors(count: width, among: self.width)
    let stride = self.width * channels
    var position = 0
    for row in Tensor.neighbors(count: height, among: self.height) {
      let (top, bottom) = (row.lower * stride, row.upper * stride)
      for column in columns {
        let (left, right) = (column.lower * channels, column.upper * channels)
        for channel in 0..<channels {
          let above = Float(bytes[top + left + channel])
          let below = Float(bytes[bottom + left + channel])
          let upper = above + (Float(bytes[top + right + channel]) - above) * column.weight
          let lower = below + (Float(bytes[bottom + right + channel]) - below) * column.weight
          result[position + channel] = upper + (lower - upper) * row.weight
        }
        position += channels
      }
    }
  }

  private func resizeToNearest(_ width: Int, _ height: Int, _ result: inout MutableSpan<Float>) {
    let bytes = bytes.span
    let columns = Tensor.nearest(count: width, among: self.width)
    var position = 0
    for row in Tensor.nearest(count: height, among: self.height) {
      for column in columns {
        let start = (row * self.width + column) * channels
        for channel in 0..<channels { result[position + channel] = Float(bytes[start + channel]) }
        position += channels
      }
    }
  }
}
