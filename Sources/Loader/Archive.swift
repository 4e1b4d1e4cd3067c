import CZip

/// A zip archive open for reading: Keras 3's `.keras`.
package final class Archive {
  let path: String
  private let handle: OpaquePointer
  /// The names of the members, in the archive's order.
  package let names: [String]

  /// The largest member that is read.
  package static let largestMember: UInt64 = 16 << 30
  /// Deflate cannot shrink more than this, so a member that claims more is made to mislead.
  static let largestRatio: UInt64 = 1032

  /// - Throws: `LoadError`, where the archive is damaged.
  package init(path: String) throws(LoadError) {
    self.path = path
    var code: Int32 = 0
    guard let handle = zip_open(path, ZIP_RDONLY, &code) else {
      throw LoadError(
        file: path, "a zip archive, but damaged or cut off; copy or download it again")
    }
    self.handle = handle
    let count = zip_get_num_entries(handle, 0)
    guard count <= 100_000 else {
      zip_discard(handle)
      throw LoadError(file: path, "a zip archive of \(count) members, which no model has")
    }
    names = (0..<UInt64(max(0, count))).map { index in
      zip_get_name(handle, index, 0).map { String(cString: $0) } ?? ""
    }
  }

  deinit { zip_discard(handle) }

  /// The bytes of a member.
  ///
  /// - Throws: `LoadError`, where it is not there, damaged, or claims more than it can hold.
  package func bytes(
    _ name: String, atMost limit: UInt64 = largestMember
  ) throws(LoadError) -> [UInt8] {
    func error(_ message: String) -> LoadError {
      LoadError(file: path, "its member '\(name)' \(message)")
    }
    guard let place = names.firstIndex(of: name) else { throw error("is not there") }
    let index = UInt64(place)
    var status = zip_stat_t()
    guard zip_stat_index(handle, index, 0, &status) == 0 else { throw error("is damaged") }
    guard status.size <= limit else {
      throw error("declares \(status.size) bytes, more than the \(limit) that are read")
    }
    guard status.size / Self.largestRatio <= status.comp_size + 64 else {
      throw error("declares \(status.size) bytes, more than its \(status.comp_size) can hold")
    }
    guard let file = zip_fopen_index(handle, index, 0) else {
      throw error("cannot be opened; it is damaged or encrypted")
    }
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
      throw error("cannot be read; the archive is damaged or cut off")
    }
    return bytes
  }
}
