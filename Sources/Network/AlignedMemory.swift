#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory for a program or an arena, which begins at a multiple of 64 and is given back with its owner.
final class AlignedMemory: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  private static let hugePage = 1 << 21

  /// - Throws: `NetworkError`, where there is not so much memory: a size that a user chose must not end
  ///   the program, as Swift's own allocation would.
  init(byteCount: Int, for purpose: String) throws {
    var base: UnsafeMutableRawPointer?
    let count = max(byteCount, 64)
    // Large memory in pages of 2 MiB, where the system has them: with those of 4 KiB the processor waits
    // for their addresses.
    let isLarge = count >= Self.hugePage
    guard posix_memalign(&base, isLarge ? Self.hugePage : 64, count) == 0, let base else {
      throw NetworkError("\(purpose) needs \(byteCount) bytes, which are not to be had")
    }
    bytes = UnsafeMutableRawBufferPointer(start: base, count: count)
    #if canImport(Glibc)
      if isLarge { madvise(base, count, MADV_HUGEPAGE) }
    #endif
  }

  /// The bytes as floats.
  var floats: UnsafeMutablePointer<Float> {
    bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Float.self)
  }

  deinit { free(bytes.baseAddress) }
}
