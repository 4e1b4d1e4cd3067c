extension Tensor {
  /// The same values with the axes in another order: axis `i` of the result is axis `order[i]` of this.
  package func transposed(_ order: [Int]) -> Tensor {
    precondition(order.sorted() == Array(shape.indices), "\(order) is no order of the axes")
    let strides = shape.rowMajorStrides
    return gathered(shape: order.map { shape[$0] }, strides: order.map { strides[$0] }, from: 0)
  }

  /// The same values with the given axes in the opposite direction.
  package func reversed(axes: Range<Int>) -> Tensor {
    var strides = shape.rowMajorStrides
    guard !values.isEmpty else { return self }
    var start = 0
    for axis in axes {
      start += (shape[axis] - 1) * strides[axis]
      strides[axis] = -strides[axis]
    }
    return gathered(shape: shape, strides: strides, from: start)
  }

  /// Joins tensors along the last axis; all other sizes are equal.
  package static func joinedLast(_ parts: [Tensor]) -> Tensor? {
    guard let first = parts.first, !first.shape.isEmpty,
      parts.allSatisfy({ $0.shape.dropLast() == first.shape.dropLast() })
    else { return nil }
    let widths = parts.map { $0.shape[$0.shape.count - 1] }
    let rows = first.shape.dropLast().reduce(1, *)
    var values: [Float] = []
    values.reserveCapacity(rows * widths.reduce(0, +))
    for row in 0..<rows {
      for (part, width) in zip(parts, widths) {
        values += part.values[row * width..<(row + 1) * width]
      }
    }
    return Tensor(shape: first.shape.dropLast() + [widths.reduce(0, +)], values: values)
  }

  private func gathered(shape: [Int], strides: [Int], from start: Int) -> Tensor {
    var result: [Float] = []
    result.reserveCapacity(values.count)
    var index = [Int](repeating: 0, count: shape.count)
    var position = start
    for _ in values.indices {
      result.append(values[position])
      var axis = shape.count - 1
      while axis >= 0 {
        index[axis] += 1
        position += strides[axis]
        if index[axis] < shape[axis] { break }
        position -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return Tensor(shape: shape, values: result)
  }
}

extension [Int] {
  /// From one element of each axis to the next, of sizes in row-major order.
  var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: count)
    for axis in indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * self[axis + 1] }
    return strides
  }
}
