import CZip

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A zip archive that is being written: members are stored as they are and carry no date, so that the
/// same ones give the same bytes at any time.
package final class ZipWriter {
  private let handle: OpaquePointer
  private var isClosed = false

  private init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { if !isClosed { zip_discard(handle) } }

  /// Writes the members that `fill` adds to the file at `path`.
  ///
  /// - Throws: `ZipError.unopenable` or `.unwritable`.
  package static func write(
    to path: String, _ fill: (ZipWriter) throws(ZipError) -> Void
  ) throws(ZipError) {
    let writer = try ZipWriter(
      .zipArchive(ZIP_CREATE | ZIP_TRUNCATE) { zip_source_file_create(path, 0, 0, $0) })
    try fill(writer)
    try writer.close()
  }

  /// The bytes of an archive of the members that `fill` adds.
  ///
  /// - Throws: `ZipError.unopenable` or `.unwritable`.
  package static func bytes(
    _ fill: (ZipWriter) throws(ZipError) -> Void
  ) throws(ZipError) -> [UInt8] {
    var error = zip_error_t()
    defer { zip_error_fini(&error) }
    guard let memory = zip_source_buffer_create(nil, 0, 0, &error) else {
      throw .unopenable(ZipError.reason(&error))
    }
    // Closing the archive gives up one claim to the memory; the bytes are read after that.
    defer { zip_source_free(memory) }
    zip_source_keep(memory)
    let writer = try ZipWriter(.zipArchive(ZIP_TRUNCATE) { _ in memory })
    try fill(writer)
    // libzip writes no archive without members; an empty one is its end record alone.
    if writer.isEmpty {
      return [0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 0, count: 18)
    }
    try writer.close()
    return try contents(of: memory)
  }

  /// Adds a member of these bytes.
  ///
  /// - Throws: `ZipError.unwritable`, where its name is taken, or there is no memory.
  package func add(_ name: String, bytes: [UInt8]) throws(ZipError) {
    // The source is read only when the archive is closed, and frees its memory then.
    guard let memory = malloc(max(bytes.count, 1)) else { throw unwritable }
    memory.copyMemory(from: bytes, byteCount: bytes.count)
    guard let source = zip_source_buffer(handle, memory, UInt64(bytes.count), 1) else {
      free(memory)
      throw unwritable
    }
    try add(name, source)
  }

  /// Adds a member with what a file holds when the archive is closed.
  ///
  /// - Throws: `ZipError.unwritable`, where its name is taken.
  package func add(_ name: String, file path: String) throws(ZipError) {
    guard let source = zip_source_file(handle, path, 0, -1) else { throw unwritable }
    try add(name, source)
  }

  private func add(_ name: String, _ source: OpaquePointer) throws(ZipError) {
    let index = zip_file_add(handle, name, source, UInt32(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      let error = unwritable
      zip_source_free(source)
      throw error
    }
    // Stored, as Keras and numpy.savez do; of 1 January 1980, the first date zip knows.
    guard zip_set_file_compression(handle, UInt64(index), ZIP_CM_STORE, 0) == 0,
      zip_file_set_dostime(handle, UInt64(index), 0, 1 << 5 | 1, 0) == 0
    else { throw unwritable }
  }

  private func close() throws(ZipError) {
    guard zip_close(handle) == 0 else { throw unwritable }
    isClosed = true
  }

  private var isEmpty: Bool { zip_get_num_entries(handle, 0) == 0 }

  private static func contents(of memory: OpaquePointer) throws(ZipError) -> [UInt8] {
    var status = zip_stat_t()
    guard zip_source_stat(memory, &status) == 0, zip_source_open(memory) == 0 else {
      throw .unwritable(ZipError.reason(zip_source_error(memory)))
    }
    defer { zip_source_close(memory) }
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.size)) { buffer, count in
      while count < buffer.count, let base = buffer.baseAddress {
        let got = zip_source_read(memory, base + count, UInt64(buffer.count - count))
        if got <= 0 { break }
        count += Int(got)
      }
    }
    guard bytes.count == Int(status.size) else {
      throw .unwritable(ZipError.reason(zip_source_error(memory)))
    }
    return bytes
  }

  private var unwritable: ZipError { .unwritable(ZipError.reason(zip_get_error(handle))) }
}
