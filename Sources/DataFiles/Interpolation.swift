import Network

/// How a picture of another size is made.
public enum Interpolation: Sendable {
  /// Between the four nearest pixels, in proportion to their distance.
  case bilinear
  /// The nearest pixel.
  case nearest
}

extension Tensor {
  /// The picture scaled as `tf.image.resize` does without antialiasing: shape [h, w, channels]
  /// gives [height, width, channels].
  ///
  /// - Precondition: the tensor has three axes and at least one pixel; `width` and `height` are
  ///   positive.
  public func resized(width: Int, height: Int, interpolation: Interpolation) -> Tensor {
    precondition(
      shape.count == 3 && shape[0] > 0 && shape[1] > 0 && width > 0 && height > 0,
      "a picture of shape \(shape) cannot be made \(width)×\(height)")
    guard width != shape[1] || height != shape[0] else { return self }
    return switch interpolation {
    case .bilinear: bilinear(width: width, height: height)
    case .nearest: nearest(width: width, height: height)
    }
  }

  /// The two pixels that a pixel of the result lies between, and how near it is to the second.
  package struct Neighbors {
    package var lower: Int
    package var upper: Int
    package var weight: Float
  }

  /// For each pixel along an axis of `count` in the result, its neighbours among `size`.
  package static func neighbors(count: Int, among size: Int) -> [Neighbors] {
    let scale = Float(size) / Float(count)
    return (0..<count).map { index in
      let position = (Float(index) + 0.5) * scale - 0.5
      let floor = position.rounded(.down)
      return Neighbors(
        lower: max(Int(floor), 0), upper: min(Int(position.rounded(.up)), size - 1),
        weight: position - floor)
    }
  }

  private func bilinear(width: Int, height: Int) -> Tensor {
    let channels = shape[2]
    let stride = shape[1] * channels
    let columns = Self.neighbors(count: width, among: shape[1])
    var result: [Float] = []
    result.reserveCapacity(width * height * channels)
    for row in Self.neighbors(count: height, among: shape[0]) {
      let top = row.lower * stride
      let bottom = row.upper * stride
      for column in columns {
        let left = column.lower * channels
        let right = column.upper * channels
        for channel in 0..<channels {
          let above = values[top + left + channel]
          let below = values[bottom + left + channel]
          let upper = above + (values[top + right + channel] - above) * column.weight
          let lower = below + (values[bottom + right + channel] - below) * column.weight
          result.append(upper + (lower - upper) * row.weight)
        }
      }
    }
    return Tensor(shape: [height, width, channels], values: result)
  }

  private func nearest(width: Int, height: Int) -> Tensor {
    let channels = shape[2]
    let rows = Self.nearest(count: height, among: shape[0])
    let columns = Self.nearest(count: width, among: shape[1])
    var result: [Float] = []
    result.reserveCapacity(width * height * channels)
    for row in rows {
      for column in columns {
        let start = (row * shape[1] + column) * channels
        result += values[start..<start + channels]
      }
    }
    return Tensor(shape: [height, width, channels], values: result)
  }

  /// For each pixel along an axis of `count` in the result, the nearest among `size`.
  package static func nearest(count: Int, among size: Int) -> [Int] {
    let scale = Float(size) / Float(count)
    return (0..<count).map { min(Int((Float($0) + 0.5) * scale), size - 1) }
  }
}
