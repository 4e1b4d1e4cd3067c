/// Looks at the names of a group in the older layout, which Keras writes: a tree of tables, and a heap for
/// the names (sections III.A, III.B and III.D of the specification).
///
/// libhdf5 1.10 follows a name to its end wherever it begins, and the heap's list of free blocks, for each
/// of which it takes memory, until it ends.
struct SymbolTable {
  /// Where the heap's last text ends: no name begins behind it.
  private let lastEnd: Int

  /// - Parameter message: The symbol table message of the group.
  init(
    _ message: RecordReader, _ superblock: Superblock, in file: StoredBytes
  ) throws(HDF5Problem) {
    var message = message
    guard let tree = try message.address(), let heap = try message.address() else {
      throw .damage("it has no table of names")
    }
    lastEnd = try Self.lastEnd(ofHeapAt: heap, in: file)
    let nodes = try NodeTree(
      at: tree, .names, keySize: 8, largestCount: superblock.groupNode, in: file)
    for key in nodes.keys {
      var key = key
      try checkName(at: try key.size())
    }
    for leaf in nodes.leaves {
      try checkTable(at: leaf.child, largestCount: superblock.tableNode, in: file)
    }
  }

  private static func lastEnd(
    ofHeapAt address: Int, in file: StoredBytes
  ) throws(HDF5Problem) -> Int {
    var head = try file.record(at: address, count: 32, "its heap of names")
    try head.expect("HEAP", version: 0)
    try head.skip(3)
    let size = try head.size()
    var free = try head.integer(8)
    guard let start = try head.address() else { throw .damage("it has no heap of names") }
    var names = try file.record(at: start, count: size, "its heap of names")
    let bytes = try names.bytes(size)
    // Each block has 16 bytes at least: the next one's place, 1 where there is none, and its size.
    for _ in 0...size / 16 where free != 1 {
      guard free <= size, Int(free) + 16 <= size else {
        throw .damage("its heap of names has a free block at \(free) of \(size) bytes")
      }
      var block = RecordReader(bytes[(bytes.startIndex + Int(free))...], "a free block")
      free = try block.integer(8)
    }
    guard free == 1 else { throw .damage("its heap of names has a list of free space without end") }
    return (bytes.lastIndex(of: 0) ?? bytes.startIndex - 1) - bytes.startIndex
  }

  private func checkName(at offset: Int) throws(HDF5Problem) {
    guard offset <= lastEnd else {
      throw .damage("a name begins at \(offset), behind the last one's end at \(lastEnd)")
    }
  }

  private func checkTable(
    at address: Int, largestCount: Int, in file: StoredBytes
  ) throws(HDF5Problem) {
    var head = try file.record(at: address, count: 8, "its table of names")
    try head.expect("SNOD", version: 1)
    try head.skip(1)
    let count = Int(try head.integer(2))
    guard count <= largestCount else {
      throw .damage("it has a table of \(count) names; \(largestCount) are the most")
    }
    var entries = try file.record(at: address + 8, count: 40 * count, "its table of names")
    for _ in 0..<count {
      try checkName(at: try entries.size())
      try entries.skip(8)
      let isSoftLink = try entries.integer(4) == 2
      try entries.skip(4)
      // Where the path is that a soft link leads to.
      let path = try entries.integer(4)
      if isSoftLink { try checkName(at: Int(path)) }
      try entries.skip(12)
    }
  }
}
