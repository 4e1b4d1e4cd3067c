/// Gives the batches of an epoch, which other threads read while the last one is worked with.
///
/// The same seed gives the same batches, whatever the number of threads. An item that cannot be read is
/// left out, and the next ones move up, so that all batches but the last are full.
///
/// One thread calls a loader at a time. While an epoch lasts, nothing is allocated.
public final class BatchLoader {
  /// The number of items of a batch.
  public let batchSize: Int
  /// The items that could not be read since the epoch was started, in the order in which they came.
  public private(set) var skipped: [SkippedItem] = []

  private let reader: ReadAhead
  private let shuffles: Bool
  private let isStrict: Bool
  private let dropsRemainder: Bool
  private let inputSize: Int
  private let targetSize: Int
  private let indices: UnsafeMutableBufferPointer<Int>
  /// Where in the epoch's order the first batch began.
  private var first = 0
  /// Where in the epoch's order the next batch begins.
  private var position = 0
  /// Where batches are put together that are not as they were read; there once there was one.
  private var assembly: BatchMemory?

  /// A loader of batches from `dataSet`, which is to be started.
  ///
  /// - Parameters:
  ///   - batchSize: The number of items of a batch, at least 1.
  ///   - seed: What the order and all variations depend on, together with the epoch.
  ///   - shuffles: Whether each epoch has an order of its own; else all have the data set's.
  ///   - isVaried: Whether items are read with a variation, a new one each epoch.
  ///   - threads: The number of threads that read.
  ///   - batchesAhead: The number of batches that are read ahead, at least 1.
  ///   - dropsRemainder: Whether the items at the end that fill no batch are left out.
  ///   - isStrict: Whether an item that cannot be read ends the epoch with its error.
  public init(
    _ dataSet: any DataSet, batchSize: Int, seed: UInt64 = 0, shuffles: Bool = true,
    isVaried: Bool = true, threads: Int = 2, batchesAhead: Int = 2, dropsRemainder: Bool = false,
    isStrict: Bool = false
  ) {
    precondition(batchSize >= 1 && batchesAhead >= 1, "a batch has an item, and one is read ahead")
    self.batchSize = batchSize
    self.shuffles = shuffles
    self.dropsRemainder = dropsRemainder
    self.isStrict = isStrict
    inputSize = dataSet.inputSize
    targetSize = dataSet.targetSize
    indices = .allocate(capacity: batchSize)
    indices.initialize(repeating: 0)
    // One more is the one that is lent.
    let memory = BatchMemory(
      batches: batchesAhead + 1, batchSize: batchSize, inputSize: inputSize, targetSize: targetSize)
    reader = ReadAhead(
      dataSet, into: memory, seed: seed, isVaried: isVaried, threads: threads)
  }

  deinit {
    reader.stop()
    indices.deallocate()
  }

  /// Begins to read an epoch, from which on `next` gives its batches; returns at once.
  ///
  /// What was lent or read of an epoch before is given up. To resume in the middle of an epoch, give the
  /// `nextPosition` of the last batch that was worked with.
  public func start(epoch: Int, at position: Int = 0) {
    first = position
    self.position = position
    skipped.removeAll(keepingCapacity: true)
    reader.start(epoch: epoch, at: position, shuffles: shuffles)
  }

  /// The epoch's next batch; nil at its end.
  ///
  /// - Throws: The error of the first item that cannot be read, where the loader is strict, after which it
  ///   is to be started again; `DataSetError` where no item of the epoch can be read.
  public func next() throws -> Batch? {
    reader.release(before: position)
    let start = position
    let skippedBefore = skipped.count
    let slot = reader.slot(of: start)
    // A batch is lent where it was read, unless an item of it or of one before is missing.
    var isInPlace = reader.memory.isBatchStart(slot)
    var count = 0
    while count < batchSize, let state = reader.state(at: position) {
      let index = reader.index(at: position)
      if case .failed(let error) = state {
        if isStrict { throw error }
        skipped.append(SkippedItem(index: index, error: error))
        if isInPlace {
          for item in 0..<count { assemble(slot + item, at: item) }
          isInPlace = false
        }
      } else {
        if !isInPlace { assemble(reader.slot(of: position), at: count) }
        indices[count] = index
        count += 1
      }
      position += 1
      if !isInPlace { reader.release(before: position) }
    }
    if count == 0, start == first, let broken = skipped.first {
      throw DataSetError(
        "none of the \(skipped.count) items can be read (item \(broken.index): \(broken.error))",
        advice: "check the files of the data set")
    }
    guard count > 0, count == batchSize || !dropsRemainder else { return nil }
    return batch(
      of: count, at: isInPlace ? slot : nil, skipped: Array(skipped[skippedBefore...]))
  }

  /// The batch that was read from `slot` on, or put together.
  private func batch(of count: Int, at slot: Int?, skipped: [SkippedItem]) -> Batch {
    let memory = slot == nil ? assembled() : reader.memory
    return Batch(
      count: count, inputs: UnsafeBufferPointer(memory.inputs(at: slot ?? 0, count: count)),
      targets: UnsafeBufferPointer(memory.targets(at: slot ?? 0, count: count)),
      indices: UnsafeBufferPointer(rebasing: indices[0..<count]), skipped: skipped,
      nextPosition: position)
  }

  /// Copies an item that was read into the batch that is put together.
  private func assemble(_ slot: Int, at item: Int) {
    assembled().copy(from: reader.memory, slot, to: item)
  }

  private func assembled() -> BatchMemory {
    if let assembly { return assembly }
    let memory = BatchMemory(
      batches: 1, batchSize: batchSize, inputSize: inputSize, targetSize: targetSize)
    assembly = memory
    return memory
  }
}
