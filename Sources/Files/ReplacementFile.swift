#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A new file beside the one whose place it takes when it is whole.
///
/// It is removed where it goes out of scope without that: a failure leaves the old file as it was, and
/// nothing behind.
package struct ReplacementFile: ~Copyable {
  /// The new file, for libraries that write to a path.
  package let path: String
  private let target: String
  /// The permissions of the old file; nil where there is none.
  private let mode: mode_t?
  private let descriptor: Int32
  private var isOpen = true
  private var isCommitted = false

  /// Makes an empty file `.name.XXXXXX` in the folder of `name`.
  ///
  /// Nil where something is there that no file takes the place of: a folder, a pipe, a device.
  ///
  /// - Throws: `SystemError`, where there is no such folder, or what is there may not be replaced.
  package init?(for name: String) throws(SystemError) {
    var target = name
    var mode: mode_t?
    var status = stat()
    if stat(name, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { return nil }
      // Replacing would get round a write protection that plain writing respects.
      guard access(name, W_OK) == 0 else { throw SystemError() }
      target = Self.resolvingLinks(name)
      mode = status.st_mode & 0o7777
    } else if errno != ENOENT {
      throw SystemError()
    }
    let temporary = try Self.create(beside: target)
    self.target = target
    self.mode = mode
    (path, descriptor) = temporary
  }

  deinit {
    if isOpen { close(descriptor) }
    if !isCommitted { unlink(path) }
  }

  /// The file a link leads to, so that the link itself survives the replacement.
  private static func resolvingLinks(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// `mkstemp` would do, but makes files that only their owner may read, and the process's mask
  /// cannot be asked for without changing it for every thread.
  private static func create(
    beside target: String
  ) throws(SystemError) -> (path: String, descriptor: Int32) {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    let slash = target.lastIndex(of: "/")
    let folder = slash.map { target[...$0] } ?? ""
    // The name of a file is limited to 255 bytes.
    let stem = target[(slash.map(target.index(after:)) ?? target.startIndex)...].prefix(60)
    guard !stem.isEmpty else { throw SystemError(EISDIR) }
    for _ in 0..<100 {
      let suffix = String((0..<6).map { _ in letters.randomElement()! })
      let path = "\(folder).\(stem).\(suffix)"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (path, descriptor) }
      guard errno == EEXIST || errno == EINTR else { throw SystemError() }
    }
    throw SystemError(EEXIST)
  }

  /// Adds bytes to the end of the new file.
  ///
  /// - Throws: `SystemError`, where they are not taken.
  package func writeAll(_ bytes: [UInt8]) throws(SystemError) {
    try OpenFile(descriptor).writeAll(bytes)
  }

  /// Puts the new file in the old one's place, with the old one's permissions.
  ///
  /// - Throws: `SystemError`, where that fails; the new file is removed then.
  package consuming func commit() throws(SystemError) {
    // By its path, where a library may have put yet another file.
    if let mode { chmod(path, mode) }
    // Network file systems may report a full disk only here.
    isOpen = false
    guard close(descriptor) == 0 else { throw SystemError() }
    guard rename(path, target) == 0 else { throw SystemError() }
    isCommitted = true
  }
}
