import Network

/// The IDX format of the MNIST data sets: one array a file, packed with gzip or not.
public enum IDX {
  /// The array in the bytes of an IDX file, or its item at `index` of the first axis.
  ///
  /// All items have the file's shape, such as [60000, 28, 28]; one item lacks the first axis. Only
  /// what is asked for is turned into `Float`s, and a packed file is unpacked no further than
  /// needed. `name` is what messages call the file.
  ///
  /// - Throws: `DataFileError` when the bytes are no IDX file, the file ends early or holds more
  ///   than it declares, or there is no item at `index`.
  public static func tensor(
    from bytes: [UInt8], named name: String, index: Int? = nil
  ) throws(DataFileError) -> Tensor {
    if bytes.starts(with: GzipSource.magic) {
      try tensor(from: try GzipSource(bytes, named: name), named: name, index: index)
    } else {
      try tensor(from: MemorySource(bytes), named: name, index: index)
    }
  }

  /// The array in the bytes of an IDX file as it is stored, where its numbers are bytes; nil where they are
  /// of another type. A quarter of the memory that `tensor` takes.
  ///
  /// - Throws: `DataFileError` as `tensor` does.
  package static func byteArray(
    from bytes: [UInt8], named name: String
  ) throws(DataFileError) -> (shape: [Int], bytes: [UInt8])? {
    if bytes.starts(with: GzipSource.magic) {
      try byteArray(from: try GzipSource(bytes, named: name), named: name)
    } else {
      try byteArray(from: MemorySource(bytes), named: name)
    }
  }

  private static func byteArray(
    from source: some ByteSource, named name: String
  ) throws(DataFileError) -> (shape: [Int], bytes: [UInt8])? {
    let header = try header(from: source, named: name)
    guard header.type == .uint8 else { return nil }
    return (header.shape, try values(of: header, from: source, named: name))
  }

  private static func tensor(
    from source: some ByteSource, named name: String, index: Int?
  ) throws(DataFileError) -> Tensor {
    let header = try header(from: source, named: name)
    let shape = header.shape
    guard let index else {
      let raw = try values(of: header, from: source, named: name)
      return Tensor(shape: shape, values: floats(in: raw, header.type))
    }
    guard index >= 0, index < shape[0] else {
      throw .indexOutOfRange(name, index: index, count: shape[0])
    }
    let itemSize = header.size / shape[0]
    try source.skip(index * itemSize)
    let raw = try source.read(itemSize)
    guard raw.count == itemSize else { throw tooShort(name, shape) }
    return Tensor(shape: Array(shape.dropFirst()), values: floats(in: raw, header.type))
  }

  /// What a file says about its array, whose values take `size` bytes.
  private struct Header {
    var type: ElementType
    var shape: [Int]
    var size: Int
  }

  private static func header(
    from source: some ByteSource, named name: String
  ) throws(DataFileError) -> Header {
    let isPacked = source is GzipSource
    let start = try source.read(4)
    guard let type = elementType(start) else {
      throw notIDX(name, firstBytes: start, isPacked: isPacked)
    }
    let rank = Int(start[3])
    let sizes = try source.read(4 * rank)
    guard sizes.count == 4 * rank else { throw .damaged(name, "ends within the header of the IDX") }
    let shape = (0..<rank).map { axis in
      sizes[4 * axis..<4 * axis + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    guard let count = NPY.product(of: shape), let size = NPY.product(of: [count, type.size]),
      size <= source.mostBytes
    else { throw tooShort(name, shape) }
    return Header(type: type, shape: shape, size: size)
  }

  private static func values(
    of header: Header, from source: some ByteSource, named name: String
  ) throws(DataFileError) -> [UInt8] {
    let raw = try source.read(header.size)
    guard raw.count == header.size else { throw tooShort(name, header.shape) }
    guard try source.read(1).isEmpty else { throw tooLong(name, header.shape) }
    return raw
  }

  /// Whether a file that begins so is an IDX file.
  static func isIDX(_ start: some Collection<UInt8>) -> Bool {
    elementType(Array(start.prefix(4))) != nil
  }

  /// The type of the numbers in a file that begins with these four bytes; nil if it is not IDX.
  private static func elementType(_ start: [UInt8]) -> ElementType? {
    guard start.count == 4, start[0] == 0, start[1] == 0, start[3] > 0 else { return nil }
    switch start[2] {
    case 0x08: return .uint8
    case 0x09: return .int8
    case 0x0B: return .int16
    case 0x0C: return .int32
    case 0x0D: return .float32
    case 0x0E: return .float64
    default: return nil
    }
  }

  private static func floats(in bytes: [UInt8], _ type: ElementType) -> [Float] {
    bytes.withUnsafeBytes { type.floats(in: $0, order: .big) }
  }

  private static func notIDX(
    _ name: String, firstBytes: [UInt8], isPacked: Bool
  ) -> DataFileError {
    let bytes = DataFile.quoted(firstBytes)
    return isPacked
      ? DataFileError(
        file: name, problem: "a gzip file without IDX data (its contents begin with \(bytes))",
        advice: "only IDX files are read packed, so unpack it with gunzip first")
      : DataFileError(
        file: name, problem: "not an IDX file (its first bytes are \(bytes))",
        advice: "an IDX file begins with two zeros, the type and the number of axes")
  }

  private static func tooShort(_ name: String, _ shape: [Int]) -> DataFileError {
    .damaged(name, "ends before the array of shape \(NPYHeader.text(of: shape)) it declares does")
  }

  private static func tooLong(_ name: String, _ shape: [Int]) -> DataFileError {
    .damaged(
      name, "goes on after the array of shape \(NPYHeader.text(of: shape)) it declares")
  }
}
