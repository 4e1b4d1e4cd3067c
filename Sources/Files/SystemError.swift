#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the operating system refused; whose file it was and what that means, the caller says.
package struct SystemError: Error, Equatable, Sendable {
  /// The error number.
  package let code: Int32

  /// The error of an error number: that of the last call, unless another is named.
  package init(_ code: Int32 = errno) { self.code = code }

  /// The operating system's words for it.
  package var message: String { String(cString: strerror(code)) }

  /// What to do where a file could not be written.
  package var writingAdvice: String {
    switch code {
    case ENOENT, ENOTDIR: "make the folder it is to be in first (mkdir -p)"
    case EISDIR: "name a file in that folder"
    case EACCES, EPERM, EROFS: "change its permissions or choose another place"
    case ENOSPC, EDQUOT: "free some space or choose another place"
    case EPIPE: "keep the program that reads it running"
    default: "choose another place"
    }
  }
}
