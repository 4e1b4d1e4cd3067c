import CZip

/// Why a zip archive cannot be read or written; whose it was and what to do, the caller says.
package enum ZipError: Error, Equatable, Sendable {
  /// It cannot be opened, or made, for libzip's reason.
  case unopenable(String)
  /// Its directory has no such member, for libzip's reason.
  case unlisted(String)
  /// A member declares more bytes than are asked for.
  case tooLarge(size: UInt64)
  /// A member declares more bytes than those stored for it can become.
  case impossible(size: UInt64, storedSize: UInt64)
  /// A member cannot be opened, for libzip's reason: it is damaged, encrypted, or compressed as libzip
  /// does not know.
  case locked(String)
  /// A member does not hold what it declares, for libzip's reason.
  case unreadable(String)
  /// The archive cannot be written, for libzip's reason.
  case unwritable(String)

  /// What is wrong in words: libzip's, where it is libzip that gives up.
  package var reason: String {
    switch self {
    case .unopenable(let reason), .unlisted(let reason), .locked(let reason),
      .unreadable(let reason), .unwritable(let reason):
      reason
    case .tooLarge(let size): "a member declares \(size) bytes"
    case .impossible(let size, let storedSize):
      "a member declares \(size) bytes, of which it stores \(storedSize)"
    }
  }

  /// libzip's words for an error.
  static func reason(_ error: UnsafeMutablePointer<zip_error_t>?) -> String {
    error.flatMap { zip_error_strerror($0) }.map { String(cString: $0) } ?? "unknown reason"
  }
}

extension OpaquePointer {
  /// An archive that libzip reads from a source, or writes to it.
  ///
  /// - Parameter source: Makes the source, which is the archive's from then on.
  static func zipArchive(
    _ flags: Int32, source: (UnsafeMutablePointer<zip_error_t>) -> OpaquePointer?
  ) throws(ZipError) -> OpaquePointer {
    var error = zip_error_t()
    // Its words are kept in memory of their own.
    defer { zip_error_fini(&error) }
    guard let source = source(&error) else { throw .unopenable(ZipError.reason(&error)) }
    guard let archive = zip_open_from_source(source, flags, &error) else {
      zip_source_free(source)
      throw .unopenable(ZipError.reason(&error))
    }
    return archive
  }
}
