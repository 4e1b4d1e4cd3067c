#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whole files as bytes.
public enum FileBytes {
  /// The path that stands for standard input or standard output.
  public static let standardStream = "-"

  /// What messages call `path`.
  public static func displayName(of path: String) -> String {
    path == standardStream ? "standard input" : path
  }

  /// The bytes of the file at `path`, or of standard input when it is `-`.
  ///
  /// - Throws: `DataFileError` when there is no such file, it is a directory, or it may not be
  ///   read.
  public static func read(_ path: String) throws(DataFileError) -> [UInt8] {
    if path == standardStream {
      return try readAll(STDIN_FILENO, named: displayName(of: path), expecting: 0)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotRead(path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw cannotRead(path, errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw cannotRead(path, EISDIR) }
    return try readAll(descriptor, named: path, expecting: Int(status.st_size))
  }

  /// Reads to the end of the file; `size` is a hint, for a pipe has none and a file may grow.
  private static func readAll(
    _ descriptor: Int32, named name: String, expecting size: Int
  ) throws(DataFileError) -> [UInt8] {
    var bytes: [UInt8] = []
    // One byte more than the file holds, so that its end is met without growing.
    var step = max(size + 1, 1 << 16)
    while true {
      let start = bytes.count
      var failure: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: step) { buffer, count in
        while count < buffer.count {
          let got = systemRead(descriptor, buffer.baseAddress! + count, buffer.count - count)
          if got > 0 {
            count += got
          } else if got == 0 {
            break
          } else if errno != EINTR {
            failure = errno
            break
          }
        }
      }
      guard failure == 0 else { throw cannotRead(name, failure) }
      if start == 0 { bytes = chunk } else { bytes += chunk }
      if chunk.count < step { return bytes }
      step = max(bytes.count, 1 << 16)
    }
  }

  private static func cannotRead(_ name: String, _ code: Int32) -> DataFileError {
    switch code {
    case ENOENT:
      DataFileError(file: name, problem: "no such file", advice: "check the path")
    case ENOTDIR:
      DataFileError(
        file: name, problem: "no such file, for a part of its path is not a folder",
        advice: "check the path")
    case EISDIR:
      DataFileError(
        file: name, problem: "a folder, not a file", advice: "name one of the files in it")
    case EACCES, EPERM:
      DataFileError(
        file: name, problem: "you may not read it", advice: "change its permissions (chmod +r)")
    default:
      DataFileError(
        file: name, problem: "cannot be read (\(systemMessage(code)))",
        advice: "check the disk, or copy the file elsewhere and try again")
    }
  }
}
