/// Takes each pixel of a picture from elsewhere in it, between the four nearest pixels there, as SciPy's
/// `ndimage.affine_transform` of order 1 does.
struct AffineSampler {
  let height: Int
  let width: Int
  let channels: Int
  let matrix: AffineMatrix
  let fill: FillMode

  /// The two pixels that a position along an axis lies between, and how near it is to the second.
  private struct Neighbors {
    let lower: Int
    let upper: Int
    let weight: Double

    /// For a position of which `FillMode` says that it is within reach of the axis.
    init(_ position: Double, count: Int) {
      let floor = position.rounded(.down)
      // Beyond the edge is its own mirror image, or a pixel of weight zero.
      lower = max(Int(floor), 0)
      upper = min(Int(floor) + 1, count - 1)
      weight = position - floor
    }
  }

  /// Writes the picture; both spans are of (height, width, channels).
  func sample(_ picture: Span<Float>, into result: inout MutableSpan<Float>) {
    precondition(
      picture.count == height * width * channels && result.count == picture.count,
      "a picture of other size")
    var position = 0
    for row in 0..<height {
      for column in 0..<width {
        // As SciPy sums them: rows are y here, and the first of its axes.
        let y = Double(row) * matrix.yy + Double(column) * matrix.yx + matrix.y
        let x = Double(row) * matrix.xy + Double(column) * matrix.xx + matrix.x
        if let y = fill.position(y, count: height), let x = fill.position(x, count: width) {
          let rows = Neighbors(y, count: height)
          let columns = Neighbors(x, count: width)
          mix(picture, rows, columns, into: &result, at: position)
        } else if case .constant(let value) = fill {
          for channel in 0..<channels { result[position + channel] = value }
        }
        position += channels
      }
    }
  }

  @inline(__always)
  private func mix(
    _ picture: Span<Float>, _ rows: Neighbors, _ columns: Neighbors,
    into result: inout MutableSpan<Float>, at position: Int
  ) {
    let top = rows.lower * width
    let bottom = rows.upper * width
    let corners = (
      (top + columns.lower) * channels, (top + columns.upper) * channels,
      (bottom + columns.lower) * channels, (bottom + columns.upper) * channels
    )
    let weights = (
      (1 - rows.weight) * (1 - columns.weight), (1 - rows.weight) * columns.weight,
      rows.weight * (1 - columns.weight), rows.weight * columns.weight
    )
    for channel in 0..<channels {
      let sum =
        Double(picture[corners.0 + channel]) * weights.0
        + Double(picture[corners.1 + channel]) * weights.1
        + Double(picture[corners.2 + channel]) * weights.2
        + Double(picture[corners.3 + channel]) * weights.3
      result[position + channel] = Float(sum)
    }
  }
}
