import Network

extension Tensor {
  /// The part at `index` of the first axis: shape `[n, a, b]` gives `[a, b]`.
  ///
  /// `file` is what messages call the tensor.
  ///
  /// - Throws: `DataFileError` when the tensor is a scalar or `index` is not below the size of its
  ///   first axis.
  public func item(_ index: Int, of file: String) throws(DataFileError) -> Tensor {
    guard let count = shape.first else {
      throw DataFileError(
        file: file, problem: "a single number, which has no item \(index)",
        advice: "leave the index out")
    }
    guard index >= 0, index < count else {
      throw .indexOutOfRange(file, index: index, count: count)
    }
    let size = values.count / count
    return Tensor(
      shape: Array(shape.dropFirst()), values: Array(values[index * size..<(index + 1) * size]))
  }
}

extension DataFileError {
  /// An index that no item has.
  static func indexOutOfRange(_ file: String, index: Int, count: Int) -> DataFileError {
    let range =
      switch count {
      case 0: "the file has none, so use another"
      case 1: "use index 0"
      default: "use an index from 0 to \(count - 1)"
      }
    return DataFileError(
      file: file, problem: "no item \(index) among its \(count)", advice: range)
  }
}
