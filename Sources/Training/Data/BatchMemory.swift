/// Memory for batches of items, reused for as long as the loader lives.
///
/// A slot holds an item. The slots of one batch follow each other, and each batch begins at a multiple of
/// 64 bytes.
final class BatchMemory: @unchecked Sendable {
  /// The number of slots.
  let slots: Int

  private let batchSize: Int
  private let inputSize: Int
  private let targetSize: Int
  private let inputStride: Int
  private let targetStride: Int
  private let inputs: UnsafeMutableRawBufferPointer
  private let targets: UnsafeMutableRawBufferPointer

  private static let alignment = 64

  /// Memory for `batches` times `batchSize` items of so many floats.
  init(batches: Int, batchSize: Int, inputSize: Int, targetSize: Int) {
    self.batchSize = batchSize
    self.inputSize = inputSize
    self.targetSize = targetSize
    slots = batches * batchSize
    inputStride = Self.stride(of: batchSize * inputSize)
    targetStride = Self.stride(of: batchSize * targetSize)
    inputs = .allocate(
      byteCount: max(batches * inputStride, 1) * MemoryLayout<Float>.stride,
      alignment: Self.alignment)
    targets = .allocate(
      byteCount: max(batches * targetStride, 1) * MemoryLayout<Float>.stride,
      alignment: Self.alignment)
    inputs.initializeMemory(as: Float.self, repeating: 0)
    targets.initializeMemory(as: Float.self, repeating: 0)
  }

  deinit {
    inputs.deallocate()
    targets.deallocate()
  }

  /// So many floats that what follows them is aligned.
  private static func stride(of floats: Int) -> Int {
    let unit = alignment / MemoryLayout<Float>.stride
    return (floats + unit - 1) / unit * unit
  }

  /// Whether a batch can begin with this slot.
  func isBatchStart(_ slot: Int) -> Bool { slot % batchSize == 0 }

  /// The inputs of `count` items from `slot` on.
  ///
  /// - Precondition: `slot` and the slots behind it are of one batch.
  func inputs(at slot: Int, count: Int) -> UnsafeMutableBufferPointer<Float> {
    let start = slot / batchSize * inputStride + slot % batchSize * inputSize
    return Self.floats(in: inputs, start, count * inputSize)
  }

  /// The targets of `count` items from `slot` on.
  ///
  /// - Precondition: `slot` and the slots behind it are of one batch.
  func targets(at slot: Int, count: Int) -> UnsafeMutableBufferPointer<Float> {
    let start = slot / batchSize * targetStride + slot % batchSize * targetSize
    return Self.floats(in: targets, start, count * targetSize)
  }

  /// Copies the item in a slot of `other`, whose items are of the same size.
  func copy(from other: BatchMemory, _ source: Int, to slot: Int) {
    _ = inputs(at: slot, count: 1).update(fromContentsOf: other.inputs(at: source, count: 1))
    _ = targets(at: slot, count: 1).update(fromContentsOf: other.targets(at: source, count: 1))
  }

  private static func floats(
    in memory: UnsafeMutableRawBufferPointer, _ start: Int, _ count: Int
  ) -> UnsafeMutableBufferPointer<Float> {
    let floats = memory.assumingMemoryBound(to: Float.self)
    return UnsafeMutableBufferPointer(rebasing: floats[start..<start + count])
  }
}
