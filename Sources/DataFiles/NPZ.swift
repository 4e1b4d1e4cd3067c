import CZip
import Network

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// NumPy's `.npz` format: a zip archive of `.npy` files.
public enum NPZ {
  /// What every zip archive begins with.
  private static let magic: [UInt8] = [0x50, 0x4B]
  /// The largest array that is read, in bytes of its `.npy` file.
  static let largestMember: UInt64 = 4 << 30
  /// Deflate cannot shrink more than this, so a member that claims more is made to mislead.
  static let largestRatio: UInt64 = 1032

  /// The arrays in the bytes of an `.npz` file, in the file's order, named without `.npy`.
  ///
  /// `name` is what messages call the file.
  ///
  /// - Throws: `DataFileError` when the bytes are no zip archive or damaged, or a member is no
  ///   `.npy` file, does not hold numbers, or is larger than 4 GiB.
  public static func tensors(
    from bytes: [UInt8], named name: String
  ) throws(DataFileError) -> [NamedTensor] {
    // libzip takes an empty file for an empty archive.
    guard bytes.starts(with: magic) else {
      throw DataFileError(
        file: name, problem: "not a zip archive, for it does not begin with PK",
        advice: "save the arrays with numpy.savez")
    }
    return try bytes.withUnsafeBufferPointer { raw throws(DataFileError) in
      var failure = zip_error_t()
      guard
        let source = zip_source_buffer_create(raw.baseAddress, UInt64(raw.count), 0, &failure)
      else { throw damaged(name, &failure) }
      guard let archive = zip_open_from_source(source, ZIP_RDONLY, &failure) else {
        zip_source_free(source)
        throw damaged(name, &failure)
      }
      defer { zip_discard(archive) }
      var tensors: [NamedTensor] = []
      for index in 0..<UInt64(max(0, zip_get_num_entries(archive, 0))) {
        tensors.append(try member(index, of: archive, named: name))
      }
      return tensors
    }
  }

  private static func member(
    _ index: UInt64, of archive: OpaquePointer, named name: String
  ) throws(DataFileError) -> NamedTensor {
    var status = zip_stat_t()
    guard zip_stat_index(archive, index, 0, &status) == 0, let entry = status.name else {
      throw damaged(name, zip_get_error(archive))
    }
    let entryName = String(cString: entry)
    let member = "\(name), member '\(entryName)'"
    guard entryName.hasSuffix(".npy") else {
      throw DataFileError(
        file: name, problem: "a zip archive whose member '\(entryName)' is not an .npy file",
        advice: "save the arrays with numpy.savez")
    }
    guard status.size <= largestMember else {
      throw DataFileError(
        file: member, problem: "declares \(status.size) bytes, more than the 4 GiB that are read",
        advice: "save a smaller array")
    }
    guard status.size / largestRatio <= status.comp_size + 64 else {
      throw .damaged(
        member, "declares \(status.size) bytes, more than its \(status.comp_size) bytes can hold")
    }
    guard let file = zip_fopen_index(archive, index, 0) else {
      throw damaged(member, zip_get_error(archive))
    }
    defer { zip_fclose(file) }
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.size)) { buffer, count in
      while count < buffer.count {
        let got = zip_fread(file, buffer.baseAddress! + count, UInt64(buffer.count - count))
        if got <= 0 { break }
        count += Int(got)
      }
    }
    // The checksum is compared when the end is met, which reading one byte more does.
    var beyond: UInt8 = 0
    guard bytes.count == Int(status.size), zip_fread(file, &beyond, 1) == 0 else {
      throw damaged(member, zip_file_get_error(file))
    }
    return NamedTensor(
      name: String(entryName.dropLast(4)), tensor: try NPY.tensor(from: bytes, named: member))
  }

  /// The bytes of an `.npz` file with the tensors as `float32`, not compressed, as `numpy.savez`
  /// lays it out.
  ///
  /// The same tensors give the same bytes at any time: members carry no date. `name` is what
  /// messages call the file.
  ///
  /// - Throws: `DataFileError` when two tensors have the same name.
  public static func bytes(
    of tensors: [NamedTensor], named name: String
  ) throws(DataFileError) -> [UInt8] {
    var names: Set<String> = []
    for tensor in tensors where !names.insert(tensor.name).inserted {
      throw DataFileError(
        file: name, problem: "two arrays are called '\(tensor.name)'",
        advice: "give each its own name")
    }
    var failure = zip_error_t()
    guard let source = zip_source_buffer_create(nil, 0, 0, &failure) else {
      throw unwritable(name, &failure)
    }
    // Closing the archive gives up one claim to the source; the bytes are read after that.
    defer { zip_source_free(source) }
    zip_source_keep(source)
    guard let archive = zip_open_from_source(source, ZIP_TRUNCATE, &failure) else {
      zip_source_free(source)
      throw unwritable(name, &failure)
    }
    // libzip writes no archive without members; an empty one is its end record alone.
    if tensors.isEmpty {
      zip_discard(archive)
      return [0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 0, count: 18)
    }
    for tensor in tensors {
      guard add(tensor, to: archive) else {
        let error = unwritable(name, zip_get_error(archive))
        zip_discard(archive)
        throw error
      }
    }
    guard zip_close(archive) == 0 else {
      let error = unwritable(name, zip_get_error(archive))
      zip_discard(archive)
      throw error
    }
    return try contents(of: source, named: name)
  }

  private static func add(_ tensor: NamedTensor, to archive: OpaquePointer) -> Bool {
    let bytes = NPY.bytes(of: tensor.tensor)
    // The source is read only when the archive is closed, and frees its memory then.
    guard let memory = malloc(bytes.count) else { return false }
    bytes.withUnsafeBytes { memory.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    guard let source = zip_source_buffer(archive, memory, UInt64(bytes.count), 1) else {
      free(memory)
      return false
    }
    let index = zip_file_add(archive, tensor.name + ".npy", source, UInt32(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      zip_source_free(source)
      return false
    }
    // 1 January 1980, the first date zip knows and the one numpy.savez writes.
    return zip_set_file_compression(archive, UInt64(index), ZIP_CM_STORE, 0) == 0
      && zip_file_set_dostime(archive, UInt64(index), 0, 1 << 5 | 1, 0) == 0
  }

  private static func contents(
    of source: OpaquePointer, named name: String
  ) throws(DataFileError) -> [UInt8] {
    var status = zip_stat_t()
    guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else {
      throw unwritable(name, zip_source_error(source))
    }
    defer { zip_source_close(source) }
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.size)) { buffer, count in
      while count < buffer.count {
        let got = zip_source_read(
          source, buffer.baseAddress! + count, UInt64(buffer.count - count))
        if got <= 0 { break }
        count += Int(got)
      }
    }
    guard bytes.count == Int(status.size) else {
      throw unwritable(name, zip_source_error(source))
    }
    return bytes
  }

  private static func damaged(
    _ name: String, _ failure: UnsafeMutablePointer<zip_error_t>?
  ) -> DataFileError {
    .damaged(name, "a zip archive that cannot be read (\(message(failure)))")
  }

  private static func unwritable(
    _ name: String, _ failure: UnsafeMutablePointer<zip_error_t>?
  ) -> DataFileError {
    DataFileError(
      file: name, problem: "the archive cannot be made (\(message(failure)))",
      advice: "free some memory or write fewer arrays")
  }

  private static func message(_ failure: UnsafeMutablePointer<zip_error_t>?) -> String {
    failure.flatMap { zip_error_strerror($0) }.map { String(cString: $0) } ?? "unknown reason"
  }
}
