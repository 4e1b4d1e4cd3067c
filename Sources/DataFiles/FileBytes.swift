import Files

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
    do throws(SystemError) {
      return path == standardStream
        ? try OpenFile(STDIN_FILENO).readAll() : try OpenFile.bytes(of: path)
    } catch {
      throw cannotRead(displayName(of: path), error)
    }
  }

  private static func cannotRead(_ name: String, _ error: SystemError) -> DataFileError {
    switch error.code {
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
        file: name, problem: "cannot be read (\(error.message))",
        advice: "check the disk, or copy the file elsewhere and try again")
    }
  }
}
