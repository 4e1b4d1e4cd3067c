#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory for a program or an arena, which begins at a multiple of 64 and is given back with its owner.
final class AlignedMemory: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  /// - Throws: `NetworkError`, where there is not so much memory: a size that a user chose must not end
  ///   the program, as Swift's own allocation would.
  init(byteCount: Int, for purpose: String) throws {
    var base: UnsafeMutableRawPointer?
    let count = max(byteCount, 64)
    guard posix_memalign(&base, 64, count) == 0, let base else {
      throw NetworkError("\(purpose) needs \(byteCount) bytes, which are not to be had")
    }
    bytes = UnsafeMutableRawBufferPointer(start: base, count: count)
  }

  deinit { free(bytes.baseAddress) }
}
