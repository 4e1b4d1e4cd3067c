/// Looks at an attribute of a group (section IV.A.2.m of the specification).
///
/// libhdf5 1.10 copies as many values as the type and the shape say, whether the record has them or not.
struct AttributeRecord {
  init(_ record: RecordReader) throws(HDF5Problem) {
    var record = record
    let version = try record.expect(version: 1...3)
    // Types and shapes that are stored elsewhere; in the first version nothing.
    let isShared = try record.byte() & 3 != 0 && version > 1
    let sizes = (Int(try record.integer(2)), Int(try record.integer(2)), Int(try record.integer(2)))
    // The character set of the name.
    if version == 3 { try record.skip(1) }
    func part(_ size: Int, _ name: StaticString) throws(HDF5Problem) -> RecordReader {
      let bytes = try record.bytes(size)
      // The first version pads each part to 8 bytes.
      if version == 1 { try record.skip(-size & 7) }
      return RecordReader(bytes, name)
    }
    var name = try part(sizes.0, "the name of an attribute")
    try name.skipText(isPadded: false)
    guard name.count == 0 else { throw .damage("the name of an attribute ends too early") }
    guard !isShared else {
      throw .refusal(
        "has an attribute whose type or shape is stored elsewhere, which is not read; "
          + "save the model again")
    }
    var typeRecord = try part(sizes.1, "the type of an attribute")
    let type = try Datatype(&typeRecord)
    let space = try Dataspace(try part(sizes.2, "the shape of an attribute"))
    let size = space.byteCount(type)
    guard size <= record.count else {
      throw .damage(
        "it has an attribute that declares \(space.count) values of \(type.size) bytes, "
          + "of which \(record.count) are stored")
    }
  }
}
