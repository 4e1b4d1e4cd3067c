#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of a file, on disk or in memory, to be read from anywhere.
final class StoredBytes {
  /// The size of the file when it was opened; nothing beyond is read.
  let count: Int
  /// The bytes where they are in memory.
  let memory: UnsafeMutableRawBufferPointer?
  /// Negative where the bytes are in memory, or the file cannot be opened.
  private let descriptor: Int32
  /// How many bytes of records may still be read: each is read once or twice, and they do not overlap, so
  /// that lists and trees that lead back to themselves end.
  private var recordBudget: Int

  /// How many bytes of chunks may still be unpacked: deflate shrinks by a factor of 1032 at most.
  private lazy var chunkBudget = 1032 * min(count, 1 << 40) + 64 << 20

  /// A file on disk, which stays open.
  init(path: String, count: Int) {
    self.count = count
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    memory = nil
    recordBudget = Self.recordBudget(count)
  }

  init(_ bytes: [UInt8]) {
    count = bytes.count
    descriptor = -1
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    memory.copyBytes(from: bytes)
    self.memory = memory
    recordBudget = Self.recordBudget(count)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    memory?.deallocate()
  }

  private static func recordBudget(_ count: Int) -> Int { 4 * min(count, 1 << 40) + 1 << 16 }

  /// No record of a model is larger, nor the names of a group.
  private static let largestRecord = 64 << 20

  /// A part of the file, to be read from front to back.
  func record(
    at offset: Int, count: Int, _ name: StaticString
  ) throws(HDF5Problem) -> RecordReader {
    guard count <= Self.largestRecord else {
      throw .damage("\(name) declares a size of \(count) bytes")
    }
    guard let bytes = bytes(at: offset, count: count) else {
      throw .damage("\(name) is beyond the end of the file")
    }
    recordBudget -= count
    guard recordBudget >= 0 else { throw .damage("\(name) overlaps with others") }
    return RecordReader(bytes[...], name)
  }

  /// Refuses chunks that are more than can be in the file.
  func spend(_ count: Int) throws(HDF5Problem) {
    guard count <= chunkBudget else {
      throw .refusal("unpacks to more than a file of \(self.count) bytes can hold")
    }
    chunkBudget -= count
  }

  /// A part of the bytes; nil where there are not as many.
  func bytes(at offset: Int, count: Int) -> [UInt8]? {
    guard has(count, at: offset) else { return nil }
    var isRead = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      // There may be more room than was asked for.
      isRead = read(at: offset, into: .init(UnsafeMutableBufferPointer(rebasing: buffer[..<count])))
      filled = isRead ? count : 0
    }
    return isRead ? bytes : nil
  }

  /// Fills a buffer; false where there are not as many bytes.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
    guard has(buffer.count, at: offset) else { return false }
    if let memory {
      buffer.copyMemory(from: .init(rebasing: memory[offset...].prefix(buffer.count)))
      return true
    }
    var filled = 0
    while filled < buffer.count {
      let got = pread(
        descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
      if got < 0 && errno == EINTR { continue }
      // Shorter than it was when it was opened.
      guard got > 0 else { return false }
      filled += got
    }
    return true
  }

  private func has(_ wanted: Int, at offset: Int) -> Bool {
    offset >= 0 && wanted >= 0 && wanted <= count && offset <= count - wanted
  }
}
