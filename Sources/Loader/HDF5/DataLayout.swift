/// Looks at where the values of a data set are (section IV.A.2.i of the specification).
///
/// libhdf5 1.10 takes as many bytes as the shape asks for from a header or a chunk that has fewer.
struct DataLayout {
  private let space: Dataspace
  private let type: Datatype
  private let file: StoredBytes

  init(
    _ header: ObjectHeader, _ space: Dataspace, _ type: Datatype, _ superblock: Superblock,
    in file: StoredBytes
  ) throws(HDF5Problem) {
    self.space = space
    self.type = type
    self.file = file
    guard !header.contains(.externalFiles) else { throw Self.elsewhere }
    guard var record = try header.record(.layout, "its layout") else {
      throw .damage("its header does not say where its values are")
    }
    let version = try record.expect(version: 1...4)
    var rank = version < 3 ? try record.byte() : 0
    let kind = try record.byte()
    if version < 3 { try record.skip(5) }
    let filters = try FilterPipeline(try header.record(.filters, "its list of filters"))
    switch kind {
    case 0:
      if version < 3 { try record.skip(4 * rank) }
      let count = try record.size(version < 3 ? 4 : 2)
      try checkStored(try record.bytes(count).count)
    case 1:
      // Without an address, no value was written yet.
      guard let address = try record.address() else { return }
      if version >= 3 { try checkStored(try record.size()) }
      guard space.byteCount(type) <= file.count - address else {
        throw .damage("its values are beyond the end of the file")
      }
    case 2 where version == 4: try checkNewChunks(&record, filters)
    case 2:
      if version == 3 { rank = try record.byte() }
      let tree = try record.address()
      let chunkSize = try chunkSize(&record, rank: rank, numberSize: 4)
      guard let tree else { return }
      let nodes = try NodeTree(
        at: tree, .chunks, keySize: 8 + 8 * rank, largestCount: superblock.chunkNode, in: file)
      for leaf in nodes.leaves {
        var key = leaf.key
        try checkChunk(
          at: leaf.child, try key.size(4), skipped: try key.integer(4), chunkSize,
          filters)
      }
    case 3: throw Self.elsewhere
    default: throw .damage("its layout is of kind \(kind); 0 to 3 are known")
    }
  }

  private static let elsewhere = HDF5Problem.refusal(
    "is stored in other files, which are not opened; make a plain copy with h5repack")

  private func checkStored(_ count: Int) throws(HDF5Problem) {
    guard count >= space.byteCount(type) else {
      throw .damage(
        "it declares \(space.count) values of \(type.size) bytes, of which \(count) are stored")
    }
  }

  /// The bytes of a chunk.
  private func chunkSize(
    _ record: inout RecordReader, rank: Int, numberSize: Int
  ) throws(HDF5Problem) -> Int {
    guard rank == space.rank + 1, rank > 1 else {
      throw .damage("its chunks have \(rank - 1) axes; it has \(space.rank)")
    }
    var result = 1
    var last = 0
    for _ in 0..<rank {
      last = try record.size(numberSize)
      let (product, overflow) = result.multipliedReportingOverflow(by: last)
      guard !overflow, product > 0, product < 1 << 32 else {
        throw .damage("its chunks are of no bytes, or of more than there can be")
      }
      result = product
    }
    guard last == type.size else {
      throw .damage("its chunks are of values of \(last) bytes; it has values of \(type.size)")
    }
    return result
  }

  private func checkChunk(
    at address: Int, _ count: Int, skipped: UInt64, _ chunkSize: Int, _ filters: FilterPipeline
  ) throws(HDF5Problem) {
    guard count <= file.count - address else {
      throw .damage("one of its chunks is beyond the end of the file")
    }
    guard filters.isEmpty else {
      try file.spend(count + chunkSize)
      return try filters.check(
        file.bytes(at: address, count: count) ?? [], skipped: skipped, size: chunkSize)
    }
    guard count == chunkSize else {
      throw .damage("one of its chunks has \(count) bytes; \(chunkSize) are expected")
    }
  }

  /// Chunks as of HDF5 1.10, whose index libhdf5 checks by its checksums.
  private func checkNewChunks(
    _ record: inout RecordReader, _ filters: FilterPipeline
  ) throws(HDF5Problem) {
    let flags = try record.byte()
    let rank = try record.byte()
    let numberSize = try record.byte()
    guard (1...8).contains(numberSize) else {
      throw .damage("its chunks have sizes of \(numberSize) bytes")
    }
    let chunkSize = try chunkSize(&record, rank: rank, numberSize: numberSize)
    // Kinds of indices, and what each tells of itself in front of the address.
    let kind = try record.byte()
    guard (1...5).contains(kind) else {
      throw .damage("its chunks have an index of kind \(kind); 1 to 5 are known")
    }
    guard kind == 1 else { return try record.skip([0, 1, 5, 6][kind - 2] + 8) }
    // A single chunk; with filters its size and what was left out of them.
    let isFiltered = flags & 2 != 0
    guard isFiltered != filters.isEmpty else {
      throw .damage("its layout and its list of filters do not go together")
    }
    let count = isFiltered ? try record.size() : chunkSize
    let skipped = isFiltered ? try record.integer(4) : 0
    guard let address = try record.address() else { return }
    try checkChunk(at: address, count, skipped: skipped, chunkSize, filters)
  }
}
