#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files that are written whole or not at all.
public enum AtomicFile {
  /// Writes `bytes` to the file at `path`, or to standard output when it is `-`.
  ///
  /// The bytes go to a hidden file beside the target, which then takes the target's place: a
  /// failure leaves the target as it was and nothing behind. A target that exists and is no
  /// regular file (a pipe, a terminal, `/dev/null`) is written to directly.
  ///
  /// - Throws: `DataFileError` when the file cannot be written; its `isClosedPipe` is set when the
  ///   reader of the stream has gone.
  public static func write(_ bytes: [UInt8], to path: String) throws(DataFileError) {
    if path == FileBytes.standardStream {
      return try writeQuietly(bytes, to: STDOUT_FILENO, named: "standard output")
    }
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw cannotWrite(path, errno) }
      return try replace(path, with: bytes, mode: nil, named: path)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      // Replacing would get round a write protection that plain writing respects.
      guard access(path, W_OK) == 0 else { throw cannotWrite(path, errno) }
      try replace(
        resolvingLinks(path), with: bytes, mode: status.st_mode & 0o7777, named: path)
    case S_IFDIR:
      throw cannotWrite(path, EISDIR)
    default:
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw cannotWrite(path, errno) }
      defer { close(descriptor) }
      try writeQuietly(bytes, to: descriptor, named: path)
    }
  }

  /// The file a link leads to, so that the link itself survives the replacement.
  private static func resolvingLinks(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Puts a new file in the place of `target`, with the permissions `mode` or those of any new
  /// file.
  package static func replace(
    _ target: String, with bytes: [UInt8], mode: mode_t?, named name: String
  ) throws(DataFileError) {
    let (descriptor, temporary) = try createTemporary(beside: target, named: name)
    var isOpen = true
    do throws(DataFileError) {
      try writeAll(bytes, to: descriptor, named: name)
      if let mode { _ = fchmod(descriptor, mode) }
      // Network file systems may report a full disk only here.
      isOpen = false
      guard close(descriptor) == 0 else { throw cannotWrite(name, errno) }
      guard rename(temporary, target) == 0 else { throw cannotWrite(name, errno) }
    } catch {
      if isOpen { close(descriptor) }
      unlink(temporary)
      throw error
    }
  }

  /// Creates `.name.XXXXXX` in the target's folder.
  ///
  /// `mkstemp` would do, but makes files that only their owner may read, and the process's mask
  /// cannot be asked for without changing it for every thread.
  private static func createTemporary(
    beside target: String, named name: String
  ) throws(DataFileError) -> (descriptor: Int32, path: String) {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    let slash = target.lastIndex(of: "/")
    let folder = slash.map { target[...$0] } ?? ""
    // The name of a file is limited to 255 bytes.
    let stem = target[(slash.map(target.index(after:)) ?? target.startIndex)...].prefix(60)
    guard !stem.isEmpty else { throw cannotWrite(name, EISDIR) }
    for _ in 0..<100 {
      let suffix = String((0..<6).map { _ in letters.randomElement()! })
      let path = "\(folder).\(stem).\(suffix)"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, path) }
      guard errno == EEXIST || errno == EINTR else { throw cannotWrite(name, errno) }
    }
    throw cannotWrite(name, EEXIST)
  }

  /// Writes to a stream whose reader may be gone, without being killed for it.
  package static func writeQuietly(
    _ bytes: [UInt8], to descriptor: Int32, named name: String
  ) throws(DataFileError) {
    let previous = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, previous) }
    try writeAll(bytes, to: descriptor, named: name)
  }

  private static func writeAll(
    _ bytes: [UInt8], to descriptor: Int32, named name: String
  ) throws(DataFileError) {
    let failure = bytes.withUnsafeBytes { buffer -> Int32 in
      var written = 0
      while written < buffer.count {
        let got = systemWrite(descriptor, buffer.baseAddress! + written, buffer.count - written)
        if got >= 0 { written += got } else if errno != EINTR { return errno }
      }
      return 0
    }
    guard failure == 0 else { throw cannotWrite(name, failure) }
  }

  private static func cannotWrite(_ name: String, _ code: Int32) -> DataFileError {
    let advice =
      switch code {
      case ENOENT, ENOTDIR: "make the folder it is to be in first (mkdir -p)"
      case EISDIR: "name a file in that folder"
      case EACCES, EPERM, EROFS: "change its permissions or choose another place"
      case ENOSPC, EDQUOT: "free some space or choose another place"
      case EPIPE: "keep the program that reads it running"
      default: "choose another place"
      }
    return DataFileError(
      file: name, problem: "cannot be written (\(systemMessage(code)))", advice: advice,
      isClosedPipe: code == EPIPE)
  }
}
