import DataFiles
import Network
import Training

/// Pictures and labels in two IDX files, such as those of MNIST, gzipped or not.
public struct IDXDataSet: DataSet {
  private let values: PackedValues
  private let labels: ClassLabels

  public let inputShape: [Int]

  /// The items of two IDX files; both are read whole, and bytes stay bytes.
  ///
  /// - Parameters:
  ///   - images: The path of the file of pictures: [n, height, width] become items of (height, width, 1).
  ///   - labels: The path of the file of labels, of shape [n].
  ///   - inputShape: The shape of an item; nil for that of the file.
  ///   - classes: The number of classes, which all labels must be below; nil for as many as there are.
  /// - Throws: `DataFileError` where a file cannot be read or is no IDX file, the files do not have as many
  ///   items, or a label is not the number of a class.
  public init(
    images: String, labels: String, inputShape: [Int]? = nil, classes: Int? = nil
  ) throws(DataFileError) {
    let (shape, values) = try Self.read(images)
    let (labelShape, labelValues) = try Self.read(labels)
    guard shape.count > 1 else {
      throw DataFileError(
        file: images, problem: "one axis, as labels have", advice: "name the file of pictures")
    }
    guard labelShape.count == 1 else {
      throw DataFileError(
        file: labels, problem: "\(labelShape.count) axes, as pictures have",
        advice: "name the file of labels")
    }
    guard labelShape[0] == shape[0] else {
      throw DataFileError(
        file: labels, problem: "\(labelShape[0]) labels for \(shape[0]) pictures in \(images)",
        advice: "use two files that belong together")
    }
    self.values = values
    self.labels = try ClassLabels(
      (0..<labelValues.count).lazy.map { labelValues[$0] }, classes: classes, named: labels)
    self.inputShape = try ItemShape.of(
      stored: Array(shape.dropFirst()), wanted: inputShape, named: images)
  }

  private static func read(_ path: String) throws(DataFileError) -> ([Int], PackedValues) {
    let bytes = try FileBytes.read(path)
    if let array = try IDX.byteArray(from: bytes, named: path) {
      return (array.shape, .bytes(array.bytes))
    }
    let tensor = try IDX.tensor(from: bytes, named: path)
    return (tensor.shape, PackedValues(tensor.values))
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
