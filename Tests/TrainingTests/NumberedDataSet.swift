import Synchronization
import Training

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Items that hold three times their index, with its opposite as target; some are broken.
final class NumberedDataSet: DataSet {
  let count: Int
  let inputShape = [3]
  let targetShape: [Int] = []

  private let broken: Set<Int>
  private let showsVariation: Bool
  private let reads = Atomic<Int>(0)

  /// Where variations are shown, the target has the item's, or -1 where there is none.
  init(count: Int, broken: Set<Int> = [], showsVariation: Bool = false) {
    self.count = count
    self.broken = broken
    self.showsVariation = showsVariation
  }

  func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) throws {
    // Some items take longer, so that threads overtake each other.
    if index % 5 == 0 { usleep(100) }
    reads.wrappingAdd(1, ordering: .relaxed)
    if broken.contains(index) { throw DataSetError("item \(index) is broken", advice: "mend it") }
    input.update(repeating: Float(index))
    target[0] = showsVariation ? variation.map { Float($0 >> 40) } ?? -1 : -Float(index)
  }

  /// Whether so many items have been read, at once or within the time.
  func waitForReads(_ wanted: Int, milliseconds: Int = 2000) -> Bool {
    for _ in 0..<milliseconds {
      if reads.load(ordering: .relaxed) >= wanted { return true }
      usleep(1000)
    }
    return reads.load(ordering: .relaxed) >= wanted
  }
}
