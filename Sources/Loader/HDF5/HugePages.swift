#if canImport(Glibc)
  import Glibc
#endif

/// Memory in pages of 2 MiB, where the system has them.
///
/// Most of the time that large weights take to load is for the system to hand out memory for them, page by
/// page.
enum HugePages {
  private static let size = 1 << 21

  /// Asks for large pages in memory that nothing was written to yet.
  static func advise(_ memory: UnsafeMutableRawBufferPointer) {
    #if canImport(Glibc)
      guard memory.count >= 2 * size, let base = memory.baseAddress else { return }
      // The part that whole pages fill.
      let start = base.alignedUp(toMultipleOf: size)
      let end = (base + memory.count).alignedDown(toMultipleOf: size)
      madvise(start, end - start, MADV_HUGEPAGE)
    #endif
  }
}
