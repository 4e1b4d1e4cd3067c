import Training

/// An item as a data set wrote it.
struct Item: Equatable {
  var input: [Float]
  var target: [Float]
}

extension DataSet {
  /// Reads an item into memory that holds something else.
  func item(_ index: Int, variation: UInt64? = nil) throws -> Item {
    var inputs = [Float](repeating: -7, count: inputSize)
    var targets = [Float](repeating: -7, count: targetSize)
    var input = inputs.mutableSpan
    var target = targets.mutableSpan
    try read(index, variation: variation, input: &input, target: &target)
    return Item(input: inputs, target: targets)
  }
}

/// The text of the error that `body` throws; nil when it throws none.
func message<Result>(_ body: () throws -> Result) -> String? {
  do {
    _ = try body()
    return nil
  } catch {
    return "\(error)"
  }
}
