import Network

/// A data set in memory: two tensors whose first axis goes through the items.
public struct ArrayDataSet: DataSet {
  private let inputs: Tensor
  private let targets: Tensor

  public let classNames: [String]?

  /// Items from `inputs` of shape [n, …], with targets of shape [n] for the numbers of classes, else
  /// [n, …].
  ///
  /// - Throws: `DataSetError` where there are not as many targets as inputs, or a tensor is a single number.
  public init(inputs: Tensor, targets: Tensor, classNames: [String]? = nil) throws(DataSetError) {
    guard let count = inputs.shape.first, let targetCount = targets.shape.first else {
      throw DataSetError(
        "a single number is no data set",
        advice: "give tensors whose first axis goes through the items")
    }
    guard count == targetCount else {
      throw DataSetError(
        "there are \(count) inputs, but \(targetCount) targets",
        advice: "give every input one target")
    }
    self.inputs = inputs
    self.targets = targets
    self.classNames = classNames
  }

  public var count: Int { inputs.shape[0] }
  public var inputShape: [Int] { Array(inputs.shape.dropFirst()) }
  public var targetShape: [Int] { Array(targets.shape.dropFirst()) }

  public func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) {
    input.update(from: inputs.values, at: index)
    target.update(from: targets.values, at: index)
  }
}

extension MutableSpan<Float> {
  /// Fills this with the values of item `index` among those that follow each other in `values`.
  mutating func update(from values: [Float], at index: Int) {
    let item = values.span.extracting(index * count..<(index + 1) * count)
    for position in 0..<count { self[position] = item[position] }
  }
}
