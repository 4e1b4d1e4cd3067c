/// Walks a tree of the older kind: of a group's tables of names, or of a data set's chunks (section III.A.1
/// of the specification).
struct NodeTree {
  enum Kind: Int {
    case names = 0
    case chunks = 1
  }

  /// What the leaves lead to, each with the key in front of it.
  private(set) var leaves: [(key: RecordReader, child: Int)] = []
  /// All keys of all nodes, also those behind the last child.
  private(set) var keys: [RecordReader] = []
  private let file: StoredBytes
  private let kind: Kind
  private let keySize: Int
  private let largestCount: Int

  /// - Parameter largestCount: How many children a node has at most, which libhdf5 makes room for.
  init(
    at address: Int, _ kind: Kind, keySize: Int, largestCount: Int, in file: StoredBytes
  ) throws(HDF5Problem) {
    self.file = file
    self.kind = kind
    self.keySize = keySize
    self.largestCount = largestCount
    try readNode(at: address, level: nil)
  }

  private mutating func readNode(at address: Int, level expected: Int?) throws(HDF5Problem) {
    var node = try file.record(at: address, count: 24, "its tree")
    try node.expect("TREE")
    guard try node.byte() == kind.rawValue else { throw .damage("its tree is of another kind") }
    let level = try node.byte()
    guard expected == nil || level == expected else {
      throw .damage("its tree has a node of level \(level) where \(expected ?? 0) is expected")
    }
    let count = Int(try node.integer(2))
    guard count <= largestCount else {
      throw .damage("its tree has a node with \(count) children; \(largestCount) are the most")
    }
    var entries = try file.record(
      at: address + 24, count: (keySize + 8) * count + keySize, "its tree")
    for _ in 0..<count {
      let key = RecordReader(try entries.bytes(keySize), "a key of its tree")
      guard let child = try entries.address() else { throw .damage("its tree lacks a node") }
      keys.append(key)
      if level == 0 {
        leaves.append((key, child))
      } else {
        try readNode(at: child, level: level - 1)
      }
    }
    keys.append(RecordReader(try entries.bytes(keySize), "a key of its tree"))
  }
}
