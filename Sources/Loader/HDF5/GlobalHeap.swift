/// Reads an HDF5 file's global heap, where texts of variable length are (section III.E of the
/// specification).
struct GlobalHeap {
  /// A collection's objects by their numbers, as ranges of its bytes.
  private struct Collection {
    var bytes: [UInt8]
    var objects: [UInt16: Range<Int>]
  }

  /// Twice as large as the longest configuration; others are in collections of a few kilobytes.
  private static let largest = 2 * TextFile.largest

  /// By their addresses; a model has a few of them.
  private var collections: [UInt64: Collection] = [:]
  /// The bytes of all of them, which are no more than the file's, since they do not overlap.
  private var byteCount = 0

  /// The bytes of an object.
  ///
  /// - Parameter place: 16 bytes as HDF5 stores them in place of the text: length, address, number.
  /// - Returns: nil where they lead nowhere.
  mutating func bytes(at place: ArraySlice<UInt8>, in file: HDF5File) -> ArraySlice<UInt8>? {
    let length = Int(Self.integer(place, 0, 4))
    if length == 0 { return [] }
    let address = Self.integer(place, 4, 8)
    guard let number = UInt16(exactly: Self.integer(place, 12, 4)),
      let collection = collection(at: address, in: file),
      let range = collection.objects[number], length <= range.count
    else { return nil }
    return collection.bytes[range].prefix(length)
  }

  private mutating func collection(at address: UInt64, in file: HDF5File) -> Collection? {
    if let known = collections[address] { return known }
    // Signature, version, three bytes of nothing, size.
    guard let start = Int(exactly: address), let head = file.bytes(at: start, count: 16),
      head.starts(with: Array("GCOL".utf8) + [1]),
      let size = Int(exactly: Self.integer(head[...], 8, 8)), size >= 16,
      size <= Self.largest, size <= file.byteCount - byteCount,
      let bytes = file.bytes(at: start, count: size)
    else { return nil }
    var objects: [UInt16: Range<Int>] = [:]
    var position = 16
    // Number, how often it is used, four bytes of nothing, size; then the object, padded to 8 bytes.
    while position + 16 <= size {
      let number = UInt16(Self.integer(bytes[position...], 0, 2))
      // Number 0 is what is left free.
      guard number != 0, let count = Int(exactly: Self.integer(bytes[position...], 8, 8)),
        count <= size - position - 16
      else { break }
      objects[number] = position + 16..<position + 16 + count
      position += 16 + (count + 7) / 8 * 8
    }
    let result = Collection(bytes: bytes, objects: objects)
    collections[address] = result
    byteCount += size
    return result
  }

  private static func integer(_ bytes: ArraySlice<UInt8>, _ offset: Int, _ size: Int) -> UInt64 {
    var result: UInt64 = 0
    for index in (0..<size).reversed() {
      result = result << 8 | UInt64(bytes[bytes.startIndex + offset + index])
    }
    return result
  }
}
