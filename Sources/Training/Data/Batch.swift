/// The items of one training step, which a `BatchLoader` lends until it is asked for the next.
public struct Batch {
  /// The number of items: the batch size, or fewer at the end of an epoch.
  public let count: Int
  /// The inputs, item behind item, beginning at a multiple of 64 bytes; `count` times the size of one.
  ///
  /// - Warning: Valid until the loader's next call.
  public let inputs: UnsafeBufferPointer<Float>
  /// The targets, item behind item, beginning at a multiple of 64 bytes; `count` times the size of one.
  ///
  /// - Warning: Valid until the loader's next call.
  public let targets: UnsafeBufferPointer<Float>
  /// Which items of the data set they are.
  ///
  /// - Warning: Valid until the loader's next call.
  public let indices: UnsafeBufferPointer<Int>
  /// The items that could not be read when this batch was filled, for which the next ones stand in.
  public let skipped: [SkippedItem]
  /// Where in the epoch's order the next batch begins: what an interrupted epoch is resumed with.
  public let nextPosition: Int
}

/// An item that could not be read.
public struct SkippedItem: Sendable {
  /// Which item of the data set it is.
  public let index: Int
  /// Why it could not be read; the text names the file.
  public let error: any Error
}
