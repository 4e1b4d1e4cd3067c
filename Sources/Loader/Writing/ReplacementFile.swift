#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A new file beside the one whose place it takes when it is whole.
///
/// A failure leaves the old file as it was, and nothing behind.
struct ReplacementFile {
  /// The new file.
  let path: String
  private let target: String
  /// What messages call the file.
  private let name: String
  private let mode: mode_t?

  /// Makes an empty file `.name.XXXXXX` in the folder of `name`.
  ///
  /// - Throws: `SaveError`, where there is no such folder, or what is there cannot be replaced.
  init(for name: String) throws(SaveError) {
    self.name = name
    var status = stat()
    var target = name
    var mode: mode_t?
    if stat(name, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw SaveError(file: name, "this is no file that can be replaced; choose another name")
      }
      // Replacing would get round a write protection that plain writing respects.
      guard access(name, W_OK) == 0 else { throw Self.unwritable(name, errno) }
      // Where it is a link, the link stays.
      if let resolved = realpath(name, nil) {
        target = String(cString: resolved)
        free(resolved)
      }
      mode = status.st_mode & 0o7777
    }
    self.target = target
    self.mode = mode
    path = try Self.create(beside: target, named: name)
  }

  private static func create(
    beside target: String, named name: String
  ) throws(SaveError) -> String {
    let slash = target.lastIndex(of: "/")
    let folder = slash.map { target[...$0] } ?? ""
    // The name of a file is limited to 255 bytes.
    let stem = target[(slash.map(target.index(after:)) ?? target.startIndex)...].prefix(60)
    for _ in 0..<100 {
      let suffix = String(UInt32.random(in: 1 << 28...UInt32.max), radix: 36)
      let path = "\(folder).\(stem).\(suffix)"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        close(descriptor)
        return path
      }
      guard errno == EEXIST || errno == EINTR else { throw unwritable(name, errno) }
    }
    throw unwritable(name, EEXIST)
  }

  /// Puts the new file in the old one's place, with the old one's permissions.
  func commit() throws(SaveError) {
    if let mode { chmod(path, mode) }
    guard rename(path, target) == 0 else {
      let code = errno
      discard()
      throw Self.unwritable(name, code)
    }
  }

  /// Removes the new file.
  func discard() { unlink(path) }

  private static func unwritable(_ name: String, _ code: Int32) -> SaveError {
    let advice =
      switch code {
      case ENOENT, ENOTDIR: "make the folder it is to be in first (mkdir -p)"
      case EACCES, EPERM, EROFS: "change its permissions or choose another place"
      case ENOSPC, EDQUOT: "free some space or choose another place"
      default: "choose another place"
      }
    return SaveError(
      file: name, "cannot be written (\(String(cString: strerror(code)))); \(advice)")
  }
}
