/// Takes each pixel of a picture from elsewhere in it, between the four nearest pixels there, as SciPy's
/// `ndimage.affine_transform` of order 1 does.
struct AffineSampler {
  let height: Int
  let width: Int
  let channels: Int
  let matrix: AffineMatrix
  let fill: FillMode

  /// Writes the picture; both spans are of (height, width, channels).
  func sample(_ picture: Span<Float>, into result: inout MutableSpan<Float>) {
    precondition(
      picture.count == height * width * channels && result.count == picture.count,
      "a picture of other size")
    // The compiler unrolls the loop over a number of channels that it knows.
    switch channels {
    case 1: sample(picture, channels: 1, into: &result)
    case 3: sample(picture, channels: 3, into: &result)
    default: sample(picture, channels: channels, into: &result)
    }
  }

  @inline(__always)
  private func sample(
    _ picture: Span<Float>, channels: Int, into result: inout MutableSpan<Float>
  ) {
    let (lastRow, lastColumn) = (Double(height - 1), Double(width - 1))
    var position = 0
    for row in 0..<height {
      let (rowY, rowX) = (Double(row) * matrix.yy, Double(row) * matrix.xy)
      for column in 0..<width {
        // As SciPy sums them: rows are y here, and the first of its axes.
        let y = rowY + Double(column) * matrix.yx + matrix.y
        let x = rowX + Double(column) * matrix.xx + matrix.x
        if y >= 0, y <= lastRow, x >= 0, x <= lastColumn {
          mix(picture, y, x, channels, into: &result, at: position)
        } else if let y = fill.position(y, count: height), let x = fill.position(x, count: width) {
          // Up to one pixel beyond the edge is its mirror image, which is the edge itself.
          let (y, x) = (min(max(y, 0), lastRow), min(max(x, 0), lastColumn))
          mix(picture, y, x, channels, into: &result, at: position)
        } else if case .constant(let value) = fill {
          for channel in 0..<channels { result[position + channel] = value }
        }
        position += channels
      }
    }
  }

  /// Writes the pixel at `position` from those about (x, y).
  ///
  /// (x, y) lies within the picture, so the indices do, too, and are not checked.
  @inline(__always)
  private func mix(
    _ picture: Span<Float>, _ y: Double, _ x: Double, _ channels: Int,
    into result: inout MutableSpan<Float>, at position: Int
  ) {
    // Positions are not negative, so that this rounds down.
    let (top, left) = (Int(y), Int(x))
    let (down, across) = (Float(y - Double(top)), Float(x - Double(left)))
    // On the last row and column the weight of what would be beyond is zero.
    let below = top + 1 < height ? width * channels : 0
    let beside = left + 1 < width ? channels : 0
    let start = (top * width + left) * channels
    for channel in 0..<channels {
      let corner = start + channel
      let (first, third) = (picture[unchecked: corner], picture[unchecked: corner + below])
      let upper = first + (picture[unchecked: corner + beside] - first) * across
      let lower = third + (picture[unchecked: corner + below + beside] - third) * across
      result[unchecked: position + channel] = upper + (lower - upper) * down
    }
  }
}
