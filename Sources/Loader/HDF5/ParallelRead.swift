import Runtime
import Synchronization

/// A large part of a file, read by several threads.
///
/// Most of the time goes into copying, and into memory that the system hands out and fills with zeros as it
/// is touched: two threads read VGG16's weights in half the time.
final class ParallelRead {
  private let content: StoredBytes
  private let offset: Int
  private let target: UnsafeMutableRawBufferPointer
  private let partSize: Int
  private let isCutOff = Atomic<Bool>(false)

  /// What is smaller is read before another thread has begun.
  private static let smallestPart = 8 << 20
  /// More threads than this do not read faster from one memory.
  private static let mostThreads = 4

  private init(
    _ content: StoredBytes, at offset: Int, into target: UnsafeMutableRawBufferPointer
  ) {
    self.content = content
    self.offset = offset
    self.target = target
    partSize = max(Self.smallestPart, target.count / ThreadPool.maximumParts + 1)
  }

  private var parts: Int { (target.count + partSize - 1) / partSize }

  /// Fills memory with what a file has at an offset; false where it has less.
  static func fill(
    _ target: UnsafeMutableRawBufferPointer, from content: StoredBytes, at offset: Int
  ) -> Bool {
    let read = ParallelRead(content, at: offset, into: target)
    // A count that `CNN_THREADS` has wrong is refused where computing begins.
    let threads = min(read.parts, (try? Processor.threads()) ?? 1, mostThreads)
    guard threads > 1 else { return content.read(at: offset, into: target) }
    ThreadPool(threads: threads).run(
      parts: read.parts, Unmanaged.passUnretained(read).toOpaque()
    ) { context, part, _ in
      Unmanaged<ParallelRead>.fromOpaque(context).takeUnretainedValue().read(part)
    }
    return !read.isCutOff.load(ordering: .acquiring)
  }

  private func read(_ part: Int) {
    let start = part * partSize
    let range = start..<min(start + partSize, target.count)
    let isRead = content.read(
      at: offset + start, into: UnsafeMutableRawBufferPointer(rebasing: target[range]))
    if !isRead { isCutOff.store(true, ordering: .releasing) }
  }
}
