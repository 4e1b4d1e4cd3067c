import CZlib

/// Looks at what was done to the bytes of each chunk before they were stored (section IV.A.2.l of the
/// specification).
///
/// libhdf5 1.10 takes what comes out for a whole chunk, however short it is.
struct FilterPipeline {
  private enum Filter: Int {
    case deflate = 1
    case shuffle = 2
    /// Fletcher's checksum, of 4 bytes.
    case checksum = 3
  }

  private var filters: [Filter] = []

  init(_ record: RecordReader?) throws(HDF5Problem) {
    guard var record else { return }
    let version = try record.expect(version: 1...2)
    let count = try record.byte()
    guard count <= 32 else { throw .damage("it declares \(count) filters; 32 are the most") }
    if version == 1 { try record.skip(6) }
    for _ in 0..<count {
      let number = Int(try record.integer(2))
      // Others take their settings from the file, too, which libhdf5 does not check.
      guard let filter = Filter(rawValue: number), filter != .deflate || !filters.contains(filter)
      else {
        throw .refusal(
          "is stored with filter \(number), which is not read; make a plain copy: h5repack -f NONE")
      }
      filters.append(filter)
      let nameSize = version == 1 ? Int(try record.integer(2)) : 0
      // Whether it may be left out.
      try record.skip(2)
      let valueCount = Int(try record.integer(2))
      if nameSize > 0 {
        var name = RecordReader(try record.bytes(nameSize), "the name of a filter")
        try name.skipText(isPadded: false)
      }
      var values = RecordReader(try record.bytes(4 * valueCount), "a filter")
      if version == 1, valueCount % 2 != 0 { try record.skip(4) }
      // The size of the values that are shuffled.
      if filter == .shuffle, try values.integer(4) == 0 {
        throw .damage("it is shuffled by values of no bytes")
      }
    }
  }

  var isEmpty: Bool { filters.isEmpty }

  /// Refuses a chunk that is not as long as it should be.
  ///
  /// - Parameters:
  ///   - stored: As it is in the file.
  ///   - skipped: A bit for each filter that was left out.
  ///   - size: How many bytes it has before the filters.
  func check(_ stored: [UInt8], skipped: UInt64, size: Int) throws(HDF5Problem) {
    let applied = filters.indices.filter { skipped >> UInt64($0) & 1 == 0 }.map { filters[$0] }
    var expected = size
    var found = stored.count
    if let place = applied.firstIndex(of: .deflate) {
      expected += 4 * applied[..<place].count { $0 == .checksum }
      found -= 4 * applied[place...].count { $0 == .checksum }
      found = Self.unpackedCount(stored.prefix(max(found, 0)), atMost: expected)
    } else {
      expected += 4 * applied.count { $0 == .checksum }
    }
    guard found == expected else {
      throw .damage("one of its chunks has \(found) bytes; \(expected) are expected")
    }
  }

  /// How many bytes something unpacks to; 0 where it cannot be unpacked, or is more.
  private static func unpackedCount(_ packed: ArraySlice<UInt8>, atMost most: Int) -> Int {
    // Deflate shrinks by a factor of 1032 at most.
    guard most / 1032 <= packed.count else { return 0 }
    return packed.withUnsafeBufferPointer { packed in
      var count = uLongf(most)
      let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: most)
      defer { room.deallocate() }
      let status = uncompress(
        room.baseAddress, &count, packed.baseAddress, uLong(packed.count))
      return status == Z_OK ? Int(count) : 0
    }
  }
}
