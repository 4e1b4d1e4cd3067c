/// Looks at a group or a data set before libhdf5 opens it.
///
/// libhdf5 1.10 trusts much of what it finds in there: it would read beyond its memory, or never end. What is
/// looked at is what it takes from the file when it opens the object, reads attributes and values, and looks
/// for names. The newer layouts keep large groups' names under checksums, which it looks at itself.
struct ObjectCheck {
  enum Kind {
    case group
    case dataset
    /// Something that is not opened, and is not looked at further.
    case other
  }

  let kind: Kind

  init(
    at address: Int, _ superblock: Superblock, in file: StoredBytes
  ) throws(HDF5Problem) {
    let header = try ObjectHeader(at: address, in: file)
    if header.isGroup {
      kind = .group
      try Self.checkNames(header, superblock, file)
      try Self.checkAttributes(header)
    } else if header.isDataset {
      kind = .dataset
      try Self.checkDataset(header, superblock, file)
    } else {
      kind = .other
    }
  }

  private static func checkNames(
    _ header: ObjectHeader, _ superblock: Superblock, _ file: StoredBytes
  ) throws(HDF5Problem) {
    if let table = try header.record(.symbolTable, "its table of names") {
      _ = try SymbolTable(table, superblock, in: file)
    }
    for link in try header.records(.link, "the record of a name") { _ = try LinkRecord(link) }
    if let information = try header.record(.linkInfo, "the place of its names") {
      try checkPlaceOfNames(information, file)
    }
  }

  /// Where names are that do not fit into the header (section IV.A.2.c of the specification): a heap, a tree by
  /// name and one by order. libhdf5 compares the checksums of what is there, but follows any address.
  private static func checkPlaceOfNames(
    _ record: RecordReader, _ file: StoredBytes
  ) throws(HDF5Problem) {
    var record = record
    try record.expect(version: 0...0)
    let flags = try record.byte()
    if flags & 1 != 0 { try record.skip(8) }
    for (signature, size, isThere) in [
      ("FRHP", 146, true), ("BTHD", 38, true), ("BTHD", 38, flags & 2 != 0),
    ] where isThere {
      guard let address = try record.address() else { continue }
      var index = try file.record(at: address, count: size, "the index of its names")
      try index.expect(signature)
    }
  }

  private static func checkAttributes(_ header: ObjectHeader) throws(HDF5Problem) {
    for attribute in try header.records(.attribute, "the record of an attribute") {
      _ = try AttributeRecord(attribute)
    }
    guard var information = try header.record(.attributeInfo, "the place of its attributes") else {
      return
    }
    try information.expect(version: 0...0)
    if try information.byte() & 1 != 0 { try information.skip(2) }
    // Keras never writes as many or as large ones, and their records would have to be looked at, too.
    guard try information.address() == nil else {
      throw .refusal(
        "has more attributes than a header holds, which are not read; save the model again")
    }
  }

  private static func checkDataset(
    _ header: ObjectHeader, _ superblock: Superblock, _ file: StoredBytes
  ) throws(HDF5Problem) {
    guard let shape = try header.record(.dataspace, "its shape"),
      var typeRecord = try header.record(.datatype, "its type")
    else { throw .damage("it is not a data set") }
    let type = try Datatype(&typeRecord)
    _ = try DataLayout(header, try Dataspace(shape), type, superblock, in: file)
    try checkFillValue(header, type)
  }

  /// What values are that were not written (sections IV.A.2.e and IV.A.2.f of the specification).
  private static func checkFillValue(
    _ header: ObjectHeader, _ type: Datatype
  ) throws(HDF5Problem) {
    for kind in [ObjectHeader.Kind.fillValue, .oldFillValue] {
      guard var record = try header.record(kind, "its fill value") else { continue }
      if kind == .fillValue {
        let version = try record.expect(version: 1...3)
        let flags = try record.byte()
        // Of a version before 3, these were when memory is taken, when values are written, and whether.
        let isDefined = version == 3 ? flags & 0x20 != 0 : try record.integer(2) >> 8 != 0
        guard isDefined || version == 1 else { continue }
      }
      // -1 is none.
      let size = try record.integer(4)
      guard size != 0, size != 0xffff_ffff else { continue }
      guard size == type.size else {
        throw .damage("its fill value has \(size) bytes; its values have \(type.size)")
      }
      try record.skip(Int(size))
    }
  }
}
