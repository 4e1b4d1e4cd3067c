#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An open file, pipe or terminal, which is read or written whole: a call of the operating system may
/// do a part, or be interrupted.
package struct OpenFile {
  /// The operating system's number for it, which stays the caller's to close.
  package let descriptor: Int32

  /// The file that the operating system gave this number.
  package init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// The bytes of the file at `path`, or the first `limit` of them.
  ///
  /// - Throws: `SystemError`, where there is no such file, it is a folder, or may not be read.
  package static func bytes(
    of path: String, atMost limit: Int = .max
  ) throws(SystemError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError() }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError() }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw SystemError(EISDIR) }
    return try OpenFile(descriptor).readAll(expecting: Int(status.st_size), atMost: limit)
  }

  /// Reads to the end of the file, or to `limit` bytes; `size` is a hint, for a pipe has none and a
  /// file may grow.
  ///
  /// - Throws: `SystemError`, where the file cannot be read.
  package func readAll(
    expecting size: Int = 0, atMost limit: Int = .max
  ) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    // One byte more than the file holds, so that its end is met without growing.
    var step = max(size < limit ? size + 1 : limit, 1 << 16)
    while bytes.count < limit {
      let room = min(step, limit - bytes.count)
      let chunk = try readChunk(room)
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      if chunk.count < room { break }
      step = max(bytes.count, 1 << 16)
    }
    return bytes
  }

  /// The next `room` bytes, or fewer at the end of the file.
  private func readChunk(_ room: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      while count < buffer.count {
        let got = read(descriptor, buffer.baseAddress! + count, buffer.count - count)
        if got > 0 {
          count += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          failure = SystemError()
          break
        }
      }
    }
    if let failure { throw failure }
    return chunk
  }

  /// Writes all bytes.
  ///
  /// - Throws: `SystemError`, where they are not taken, some of which may be written then.
  package func writeAll(_ bytes: [UInt8]) throws(SystemError) {
    let failure = bytes.withUnsafeBytes { buffer -> SystemError? in
      var written = 0
      while written < buffer.count {
        let got = write(descriptor, buffer.baseAddress! + written, buffer.count - written)
        if got >= 0 { written += got } else if errno != EINTR { return SystemError() }
      }
      return nil
    }
    if let failure { throw failure }
  }
}
