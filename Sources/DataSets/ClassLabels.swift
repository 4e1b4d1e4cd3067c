import DataFiles
import Network
import Training

/// The number of each item's class.
struct ClassLabels: Sendable {
  private let labels: [Int32]
  /// The number of classes: as many as were said, else one more than the largest label.
  let classCount: Int

  /// More classes than there are in any data set: what is not below is no label but some other number.
  static let bound: Float = 0x1p20

  /// The labels in `values`, one for each item of the file that messages call `name`.
  ///
  /// - Throws: `DataFileError`, naming the item, where a label is not the number of a class.
  init(
    _ values: some Collection<Float>, classes: Int?, named name: String
  ) throws(DataFileError) {
    let bound = classes ?? Int(Self.bound)
    var labels: [Int32] = []
    labels.reserveCapacity(values.count)
    for value in values {
      guard let label = Int32(exactly: value), label >= 0, label < bound else {
        let error = DataSetError.label(value, of: labels.count, classes: bound)
        throw DataFileError(file: name, problem: error.problem, advice: error.advice)
      }
      labels.append(label)
    }
    self.labels = labels
    classCount = classes ?? Int(labels.max() ?? -1) + 1
  }

  var count: Int { labels.count }

  subscript(index: Int) -> Float { Float(labels[index]) }
}
