/// Looks at the local heap of a group, where the names of what is in it are, before libhdf5 does.
///
/// libhdf5 1.10 follows the list of free blocks in there to its end, and takes memory for each: one that
/// leads back to a block before never ends. Groups in the newer layout have no such heap.
struct LocalHeap {
  private var sound: Set<UInt64> = []

  /// Whether the heap of the group whose header is at an address, if it has one, is a list that ends.
  mutating func isSound(headerAt address: UInt64, in file: HDF5File) -> Bool {
    if address == 0 || sound.contains(address) || !file.hasUsualSizes { return true }
    guard let heap = Self.heapAddress(headerAt: address, in: file) else { return true }
    guard Self.ends(heapAt: heap, in: file) else { return false }
    sound.insert(address)
    return true
  }

  /// The address in the symbol table message (0x11) of a header of version 1, also where the header goes
  /// on elsewhere (0x10).
  private static func heapAddress(headerAt address: UInt64, in file: HDF5File) -> Int? {
    guard let start = Int(exactly: address), let head = file.bytes(at: start, count: 16),
      head[0] == 1
    else { return nil }
    var chunks = [(start + 16, Int(integer(head, 8, 4)))]
    var next = 0
    while next < chunks.count, next < 16 {
      let (offset, size) = chunks[next]
      next += 1
      guard size <= 1 << 20, let bytes = file.bytes(at: offset, count: size) else { continue }
      var position = 0
      while position + 8 <= bytes.count {
        let (type, length) = (integer(bytes, position, 2), Int(integer(bytes, position + 2, 2)))
        guard position + 8 + length <= bytes.count else { break }
        if length >= 16 {
          let (first, second) = (
            integer(bytes, position + 8, 8), integer(bytes, position + 16, 8)
          )
          if type == 0x11 { return Int(exactly: second) }
          if type == 0x10, let offset = Int(exactly: first), let size = Int(exactly: second) {
            chunks.append((offset, size))
          }
        }
        position += 8 + length
      }
    }
    return nil
  }

  /// Whether the list of free blocks ends; what is not a heap is left to libhdf5, which says so.
  private static func ends(heapAt address: Int, in file: HDF5File) -> Bool {
    guard let head = file.bytes(at: address, count: 32), head.starts(with: Array("HEAP".utf8)),
      let size = Int(exactly: integer(head, 8, 8)),
      let start = Int(exactly: integer(head, 24, 8)), size <= file.byteCount,
      let bytes = file.bytes(at: start, count: size)
    else { return true }
    var block = integer(head, 16, 8)
    // Each block has 16 bytes at least: the next one's place, 1 where there is none, and its size.
    for _ in 0...size / 16 {
      guard block != 1, let position = Int(exactly: block), position <= size - 16 else {
        return true
      }
      block = integer(bytes, position, 8)
    }
    return false
  }

  private static func integer(_ bytes: [UInt8], _ offset: Int, _ size: Int) -> UInt64 {
    var result: UInt64 = 0
    for index in (0..<size).reversed() { result = result << 8 | UInt64(bytes[offset + index]) }
    return result
  }
}
