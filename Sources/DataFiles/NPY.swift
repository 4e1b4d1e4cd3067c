import Network

/// NumPy's `.npy` format: one array a file.
public enum NPY {
  /// What every `.npy` file begins with.
  package static let magic: [UInt8] = [0x93] + "NUMPY".utf8

  /// The array in the bytes of an `.npy` file, in C order whatever the file's order.
  ///
  /// Reads format 1.0, 2.0 and 3.0, booleans, integers and real numbers of either byte order;
  /// each number is rounded to the nearest `Float`. `name` is what messages call the file. Bytes
  /// after the array are ignored, as NumPy does.
  ///
  /// - Throws: `DataFileError` when the bytes are no `.npy` file, the array is not of numbers, or
  ///   the file ends early.
  public static func tensor(
    from bytes: [UInt8], named name: String
  ) throws(DataFileError) -> Tensor {
    let header = try NPYHeader(bytes, named: name)
    let available = bytes.count - header.dataOffset
    // Overflow is tested even where another axis is empty: a tensor's own count must not overflow.
    guard let count = product(of: header.shape), let size = product(of: [count, header.type.size]),
      size <= available
    else {
      throw .damaged(
        name,
        "ends early (it holds \(available) bytes of the array of shape "
          + "\(NPYHeader.text(of: header.shape)))")
    }
    let values = bytes.withUnsafeBytes { raw in
      header.type.floats(
        in: UnsafeRawBufferPointer(rebasing: raw[header.dataOffset..<header.dataOffset + size]),
        order: header.order)
    }
    return Tensor(
      shape: header.shape,
      values: header.isFortranOrder ? rowMajor(values, shape: header.shape) : values)
  }

  /// The bytes `numpy.save` writes for the tensor as `float32`.
  public static func bytes(of tensor: Tensor) -> [UInt8] {
    let header = NPYHeader.bytes(shape: tensor.shape)
    let size = tensor.values.count * MemoryLayout<Float>.size
    return [UInt8](unsafeUninitializedCapacity: header.count + size) { buffer, count in
      _ = buffer.initialize(from: header)
      var position = header.count
      for value in tensor.values {
        UnsafeMutableRawBufferPointer(buffer).storeBytes(
          of: value.bitPattern.littleEndian, toByteOffset: position, as: UInt32.self)
        position += MemoryLayout<Float>.size
      }
      count = position
    }
  }

  /// The product of sizes that a file declares, or nil when no `Int` holds it.
  static func product(of sizes: [Int]) -> Int? {
    var product = 1
    for size in sizes {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// Values stored with the first axis fastest, laid out with the last axis fastest.
  private static func rowMajor(_ values: [Float], shape: [Int]) -> [Float] {
    guard shape.count > 1, !values.isEmpty else { return values }
    var strides: [Int] = []
    var stride = 1
    for size in shape {
      strides.append(stride)
      stride *= size
    }
    let last = shape.count - 1
    var index = Array(repeating: 0, count: last)
    var result: [Float] = []
    result.reserveCapacity(values.count)
    var start = 0
    while true {
      for step in 0..<shape[last] { result.append(values[start + step * strides[last]]) }
      var axis = last - 1
      while axis >= 0, index[axis] == shape[axis] - 1 {
        start -= index[axis] * strides[axis]
        index[axis] = 0
        axis -= 1
      }
      guard axis >= 0 else { return result }
      index[axis] += 1
      start += strides[axis]
    }
  }
}
