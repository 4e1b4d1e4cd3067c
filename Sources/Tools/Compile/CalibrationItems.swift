import CNN
import DataSets

/// The items that a compiled model is calibrated with and compared on, as the model takes them.
struct CalibrationItems {
  let items: any DataSet

  /// - Throws: `ToolFailure`, where the model takes others.
  init(_ items: any DataSet, for network: Network) throws {
    guard let shape = network.inputShapes[0].known, items.inputSize == shape.reduce(1, *) else {
      throw ToolFailure(
        "the items of --calibrate have shape \(items.inputShape); the model takes "
          + "\(network.inputShapes[0])")
    }
    self.items = items
  }

  /// The ranges of the values that can be stored in 8 bits.
  ///
  /// - Parameter taps: The paths of the layers whose outputs the program keeps that they are for.
  func ranges(_ network: Network, taps: [String]) throws -> ValueRanges {
    var observer = try ValueObserver(network, taps: Set(taps))
    try visit { batch in
      _ = observer.input(0).update(fromContentsOf: batch.inputs)
      observer.observe()
    }
    return observer.ranges
  }

  /// Calls `body` with one item after the other, and returns those that could not be read.
  @discardableResult
  func visit(_ body: (Batch) throws -> Void) throws -> [SkippedItem] {
    let loader = BatchLoader(items, batchSize: 1, shuffles: false, isVaried: false)
    var progress = Progress(total: items.count)
    var count = 0
    loader.start(epoch: 0)
    while let batch = try loader.next() {
      try body(batch)
      count += 1
      progress.advance(to: count)
    }
    progress.wipe()
    return loader.skipped
  }
}
