import CZip

/// A zip archive open for reading.
package final class ZipArchive {
  private let handle: OpaquePointer
  /// How many members it has.
  package let count: Int

  /// Deflate cannot shrink more than this, so a member that claims more is made to mislead.
  package static let largestRatio: UInt64 = 1032

  /// Opens the archive in a file.
  ///
  /// - Throws: `ZipError.unopenable`, where it is none, or damaged.
  package convenience init(path: String) throws(ZipError) {
    try self.init { zip_source_file_create(path, 0, 0, $0) }
  }

  /// Opens the archive in bytes, which must be there as long as this is.
  ///
  /// - Throws: `ZipError.unopenable`, where it is none, or damaged.
  package convenience init(bytes: UnsafeBufferPointer<UInt8>) throws(ZipError) {
    try self.init { zip_source_buffer_create(bytes.baseAddress, UInt64(bytes.count), 0, $0) }
  }

  private init(
    source: (UnsafeMutablePointer<zip_error_t>) -> OpaquePointer?
  ) throws(ZipError) {
    handle = try .zipArchive(ZIP_RDONLY, source: source)
    count = Int(max(0, zip_get_num_entries(handle, 0)))
  }

  deinit { zip_discard(handle) }

  /// The name of the member at `index`, in the archive's order.
  ///
  /// - Throws: `ZipError.unlisted`.
  package func name(at index: Int) throws(ZipError) -> String {
    guard let name = zip_get_name(handle, UInt64(index), 0) else { throw .unlisted(reason) }
    return String(cString: name)
  }

  /// The bytes of the member at `index`, for which memory is taken only where they can be there.
  ///
  /// - Throws: `ZipError`, where the member is damaged, claims more than it can hold, or is of more
  ///   than `limit` bytes.
  package func bytes(at index: Int, atMost limit: UInt64) throws(ZipError) -> [UInt8] {
    let index = UInt64(index)
    var status = zip_stat_t()
    guard zip_stat_index(handle, index, 0, &status) == 0 else { throw .unlisted(reason) }
    guard status.size <= limit else { throw .tooLarge(size: status.size) }
    guard status.size / Self.largestRatio <= status.comp_size + 64 else {
      throw .impossible(size: status.size, storedSize: status.comp_size)
    }
    guard let file = zip_fopen_index(handle, index, 0) else { throw .locked(reason) }
    defer { zip_fclose(file) }
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.size)) { buffer, count in
      while count < buffer.count, let base = buffer.baseAddress {
        let got = zip_fread(file, base + count, UInt64(buffer.count - count))
        if got <= 0 { break }
        count += Int(got)
      }
    }
    // The checksum is compared when the end is met, which reading one byte more does.
    var beyond: UInt8 = 0
    guard bytes.count == Int(status.size), zip_fread(file, &beyond, 1) == 0 else {
      throw .unreadable(ZipError.reason(zip_file_get_error(file)))
    }
    return bytes
  }

  private var reason: String { ZipError.reason(zip_get_error(handle)) }
}
