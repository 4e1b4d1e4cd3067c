/// Bytes that are read from front to back.
protocol ByteSource: AnyObject {
  /// More bytes than can possibly still come: a bound on what a header may truthfully declare.
  var mostBytes: Int { get }

  /// The next `count` bytes, or fewer at the end of the source.
  ///
  /// - Throws: `DataFileError` when the source is damaged.
  func read(_ count: Int) throws(DataFileError) -> [UInt8]

  /// Passes over `count` bytes, or fewer at the end of the source.
  ///
  /// - Throws: `DataFileError` when the source is damaged.
  func skip(_ count: Int) throws(DataFileError)
}

/// Bytes in memory.
final class MemorySource: ByteSource {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var mostBytes: Int { rest.count }

  func read(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  func skip(_ count: Int) {
    rest = rest.dropFirst(count)
  }
}
