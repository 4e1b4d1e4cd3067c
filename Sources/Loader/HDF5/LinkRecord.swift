/// Looks at a name of a group in the newer layout (section IV.A.2.g of the specification).
struct LinkRecord {
  init(_ record: RecordReader) throws(HDF5Problem) {
    var record = record
    try record.expect(version: 1...1)
    let flags = try record.byte()
    let kind = flags & 0x08 != 0 ? try record.byte() : 0
    // When it was made, and the character set.
    if flags & 0x04 != 0 { try record.skip(8) }
    if flags & 0x10 != 0 { try record.skip(1) }
    try record.skip(try record.size(1 << (flags & 3)))
    // A hard link has an address; the others have a text, or bytes of their own.
    try record.skip(kind == 0 ? 8 : Int(try record.integer(2)))
  }
}
