#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file whose bytes are read where the system keeps them, when they are looked at.
///
/// It must not become shorter meanwhile: the system ends a process that reads beyond the end.
package final class MappedFile: Sendable {
  /// The file's bytes, which begin at a page; empty for an empty file.
  nonisolated(unsafe) package let bytes: UnsafeRawBufferPointer

  /// - Throws: `SystemError`, where there is no such file, it is a folder, or may not be read.
  package init(path: String) throws(SystemError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError() }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError() }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw SystemError(EISDIR) }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { throw SystemError() }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }
}
