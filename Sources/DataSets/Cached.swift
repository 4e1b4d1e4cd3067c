import Training

/// A data set that keeps what it has read, so that the files of pictures are decoded once and not in every
/// epoch.
///
/// Items whose numbers are all bytes take a byte a number, others four. What goes beyond the limit is read
/// anew each time.
public final class Cached: DataSetWrapper, @unchecked Sendable {
  package let base: any DataSet
  private let lock = Lock()
  // What follows is guarded by the lock.
  private var items: [Item?]
  private var bytesLeft: Int

  private struct Item {
    let input: PackedValues
    let target: [Float]

    var byteCount: Int { input.byteCount + target.count * MemoryLayout<Float>.stride }
  }

  /// The items of `base`, of which as many are kept as `limit` bytes hold.
  ///
  /// - Precondition: `base` does not augment: items are kept as they are without a variation, and are to be
  ///   augmented behind the cache.
  public init(_ base: any DataSet, limit: Int = 1 << 30) {
    self.base = base
    items = Array(repeating: nil, count: base.count)
    bytesLeft = limit
  }

  public func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) throws {
    if let item = lock.withLock({ items[index] }) {
      item.input.copy(from: 0, to: &input)
      for position in 0..<target.count { target[position] = item.target[position] }
      return
    }
    try base.read(index, variation: nil, input: &input, target: &target)
    guard lock.withLock({ bytesLeft > 0 }) else { return }
    let item = Item(input: PackedValues(Self.array(of: input)), target: Self.array(of: target))
    lock.withLock {
      guard items[index] == nil, item.byteCount <= bytesLeft else { return }
      items[index] = item
      bytesLeft -= item.byteCount
    }
  }

  private static func array(of span: borrowing MutableSpan<Float>) -> [Float] {
    let span = span.span
    return (0..<span.count).map { span[$0] }
  }
}
