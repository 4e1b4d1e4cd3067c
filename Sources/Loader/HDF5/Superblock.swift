/// What an HDF5 file begins with (section II.A of the specification).
struct Superblock {
  /// Where the header of the root group is.
  let root: Int
  /// How many entries there are at most in the nodes of a group's tree, of its table of names, and of a
  /// tree of chunks.
  private(set) var groupNode = 32
  private(set) var tableNode = 8
  let chunkNode: Int

  init(_ bytes: StoredBytes) throws(HDF5Problem) {
    // No version is longer; and no file with a group is shorter.
    guard let start = bytes.bytes(at: 0, count: min(bytes.count, 96)) else {
      throw .damage("it cannot be read")
    }
    var reader = RecordReader(start[...], "the superblock")
    guard try reader.bytes(8).elementsEqual([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]) else {
      throw .damage("it does not begin as HDF5 files do")
    }
    let version = try reader.expect(version: 0...3)
    // Before the sizes: versions of four structures, and a byte of nothing.
    if version < 2 { try reader.skip(4) }
    guard try reader.byte() == 8, try reader.byte() == 8 else {
      throw .refusal(
        "has addresses of another size than 8 bytes, which is not read; save the model again")
    }
    if version < 2 {
      try reader.skip(1)
      tableNode = 2 * Int(try reader.integer(2))
      groupNode = 2 * Int(try reader.integer(2))
    }
    // Flags.
    try reader.skip(version < 2 ? 4 : 1)
    chunkNode = version == 1 ? 2 * Int(try reader.integer(2)) : 64
    if version == 1 { try reader.skip(2) }
    // Others are relative to this address, or rather to where the superblock is.
    try reader.skip(8)
    let extra = try reader.address()
    let end = try reader.size()
    guard end <= bytes.count else { throw .damage("\(bytes.count) bytes of \(end) are there") }
    if version < 2 {
      guard try reader.address() == nil else {
        throw .refusal("is one part of a model in several files; make a plain copy with h5repack")
      }
      // The offset of a name that the root group does not have.
      try reader.skip(8)
    }
    guard let root = try reader.address() else { throw .damage("it has no root group") }
    self.root = root
    if version >= 2, let extra {
      // Settings that libhdf5 goes by before it is asked for anything.
      let header = try ObjectHeader(at: extra, in: bytes)
      guard header.isPlainExtension else {
        throw .refusal(
          "keeps settings of the library that wrote it; make a plain copy with h5repack")
      }
    }
  }
}
