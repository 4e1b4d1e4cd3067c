/// How far an output's neighbours are from it, in floats.
///
/// A transposed convolution is several convolutions, each of which computes every so many rows and columns
/// of the output. A part of a concatenation lies among the other parts.
public struct OutputSpacing: Equatable, Sendable {
  public var image: Int
  public var row: Int
  public var pixel: Int

  @inlinable @inline(always)
  public init(image: Int, row: Int, pixel: Int) {
    self.image = image
    self.row = row
    self.pixel = pixel
  }

  /// That of pictures one behind the other, with so many floats from a pixel to the next.
  @inlinable @inline(always)
  public init(height: Int, width: Int, channels: Int) {
    self.init(image: height * width * channels, row: width * channels, pixel: channels)
  }

  /// Whether the last pixel of a row is as far from the next row's first as from its neighbour, and so for
  /// pictures: all outputs are one row then.
  @inlinable @inline(always)
  func isEven(_ geometry: WindowGeometry) -> Bool {
    row == geometry.outputWidth * pixel && image == geometry.outputHeight * row
  }
}
