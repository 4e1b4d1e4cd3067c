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
  func resize(toWidth width: Int, height: Int, into result: inout MutableSpan<Float>) {
    precondition(result.count == width * height * channels, "a span of other size")
    let bytes = bytes.span
    guard width != self.width || height != self.height else {
      for index in 0..<result.count { result[index] = Float(bytes[index]) }
      return
    }
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
}
