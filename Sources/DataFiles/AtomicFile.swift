import Files

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
    do throws(SystemError) {
      if let replacement = try ReplacementFile(for: path) {
        try replacement.writeAll(bytes)
        return try replacement.commit()
      }
      // The system refuses to open folders for writing.
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw SystemError() }
      defer { close(descriptor) }
      try writeQuietly(bytes, to: descriptor)
    } catch {
      throw cannotWrite(path, error)
    }
  }

  /// Writes to a stream whose reader may be gone, without being killed for it.
  package static func writeQuietly(
    _ bytes: [UInt8], to descriptor: Int32, named name: String
  ) throws(DataFileError) {
    do throws(SystemError) {
      try writeQuietly(bytes, to: descriptor)
    } catch {
      throw cannotWrite(name, error)
    }
  }

  private static func writeQuietly(
    _ bytes: [UInt8], to descriptor: Int32
  ) throws(SystemError) {
    let previous = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, previous) }
    try OpenFile(descriptor).writeAll(bytes)
  }

  private static func cannotWrite(_ name: String, _ error: SystemError) -> DataFileError {
    DataFileError(
      file: name, problem: "cannot be written (\(error.message))", advice: error.writingAdvice,
      isClosedPipe: error.code == EPIPE)
  }
}
