import DataFiles
import Network
import Training

/// Items in the rows of a table with a column of labels, such as Kaggle's `train.csv`: `label,pixel0,…`.
public struct CSVDataSet: DataSet {
  private let values: PackedValues
  private let labels: ClassLabels

  public let inputShape: [Int]

  /// The items of a table, which is read whole; numbers that are all bytes are kept as bytes.
  ///
  /// - Parameters:
  ///   - path: The path of the table: comma-separated numbers, with a header or without.
  ///   - labelColumn: The name of the column of labels; nil for the one that is called `label`, or else the
  ///     first. All other columns are the input; a first column without a name is left out, for it is
  ///     pandas's index.
  ///   - inputShape: The shape of an item; nil for that of a gray picture (side, side, 1) where the number
  ///     of columns is a square, else (columns).
  ///   - classes: The number of classes, which all labels must be below; nil for as many as there are.
  /// - Throws: `DataFileError` where the file cannot be read; with the line, where a row is of another
  ///   length than the first or a cell is no finite number; where a label is not the number of a class.
  public init(
    _ path: String, labelColumn: String? = nil, inputShape: [Int]? = nil, classes: Int? = nil
  ) throws(DataFileError) {
    var reader = LabelledTableReader(try FileBytes.read(path), named: path)
    let table = try reader.read(labelColumn: labelColumn)
    values = table.values
    labels = try ClassLabels(table.labels, classes: classes, named: path)
    self.inputShape = try ItemShape.of(
      row: table.values.count / table.labels.count, wanted: inputShape, named: path)
  }

  public var count: Int { labels.count }
  public var targetShape: [Int] { [] }
  public var classCount: Int? { labels.classCount }
  public func label(of index: Int) -> Int? { Int(labels[index]) }

  public func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) {
    values.copy(from: index * input.count, to: &input)
    target[0] = labels[index]
  }
}
