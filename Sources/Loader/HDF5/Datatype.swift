/// Looks at what the values of a data set or an attribute are (section IV.A.2.d of the specification).
///
/// libhdf5 1.10 reads names in them to their end, wherever that is, and takes as many bits as they say.
struct Datatype {
  /// The bytes of one value.
  let size: Int

  /// - Parameters:
  ///   - record: Is behind the type afterwards.
  ///   - isPart: Whether another type is made of this one.
  init(_ record: inout RecordReader, isPart: Bool = false) throws(HDF5Problem) {
    let first = try record.byte()
    let version = first >> 4
    let flags = Int(try record.integer(3))
    size = Int(try record.integer(4))
    guard (1...3).contains(version) else {
      throw .damage("its type is of version \(version); 1 to 3 are known")
    }
    guard size > 0, size < 1 << 31 else { throw .damage("its type has values of \(size) bytes") }
    guard !isPart || first & 15 < 8 else {
      throw .refusal("has values of nested types, which are not read; save the model again")
    }
    switch first & 15 {
    case 0, 4: try checkBits(try record.integer(2), try record.integer(2))
    case 1: try checkFloat(&record, sign: flags >> 8 & 255)
    case 2: try record.skip(2)
    case 3, 7: break
    case 5: try record.skip((flags & 0xff + 7) / 8 * 8)
    case 8: try checkEnumeration(&record, flags & 0xffff, isPadded: version < 3)
    // Where each text is, and what it is made of.
    case 9:
      guard size == 16 else {
        throw .damage("its type has places of \(size) bytes; 16 are expected")
      }
      _ = try Datatype(&record, isPart: true)
    // Their records are a language of their own, which Keras does not speak.
    case 6, 10:
      throw .refusal(
        "has values of several parts, which are not read; save the model again without them")
    default: throw .damage("its type is of kind \(first & 15); 0 to 10 are known")
    }
  }

  private func checkBits(_ offset: UInt64, _ count: UInt64) throws(HDF5Problem) {
    guard count > 0, offset + count <= 8 * UInt64(size) else {
      throw .damage("its type has \(count) bits at \(offset) in \(size) bytes")
    }
  }

  private func checkFloat(_ record: inout RecordReader, sign: Int) throws(HDF5Problem) {
    try checkBits(try record.integer(2), try record.integer(2))
    try checkBits(UInt64(sign), 1)
    // The exponent, the mantissa, and what to take from the exponent.
    for _ in 0..<2 { try checkBits(try record.integer(1), try record.integer(1)) }
    try record.skip(4)
  }

  private func checkEnumeration(
    _ record: inout RecordReader, _ count: Int, isPadded: Bool
  ) throws(HDF5Problem) {
    let parent = try Datatype(&record, isPart: true)
    guard parent.size == size else {
      throw .damage("its type has values of \(size) bytes, of a type of \(parent.size)")
    }
    for _ in 0..<count { try record.skipText(isPadded: isPadded) }
    try record.skip(count * size)
  }
}
