import DataFiles
import Network
import Training

/// Inputs and targets in two `.npy` files or in an `.npz` archive.
public struct ArrayFileDataSet: DataSet {
  private let values: PackedValues
  private let targets: Targets

  public let inputShape: [Int]
  public let targetShape: [Int]

  private enum Targets {
    case labels(ClassLabels)
    case values(PackedValues)
  }

  /// The items of two `.npy` files.
  ///
  /// - Parameters:
  ///   - inputs: The path of the inputs: [n, height, width] become items of (height, width, 1).
  ///   - targets: The path of the targets: the numbers of classes, of shape [n] or [n, 1], or any other
  ///     numbers, of shape [n, …].
  ///   - inputShape: The shape of an item; nil for that of the file.
  ///   - classes: The number of classes, which all labels must be below; nil for as many as there are.
  /// - Throws: `DataFileError` where a file cannot be read or is no `.npy` file, the files do not have as
  ///   many items, or a label is not the number of a class.
  public init(
    inputs: String, targets: String, inputShape: [Int]? = nil, classes: Int? = nil
  ) throws(DataFileError) {
    try self.init(
      inputs: NPY.tensor(from: FileBytes.read(inputs), named: inputs), named: inputs,
      targets: NPY.tensor(from: FileBytes.read(targets), named: targets), named: targets,
      inputShape: inputShape, classes: classes)
  }

  /// The data sets of an `.npz` archive: `x_train` and `y_train` with `x_test` and `y_test`, as Keras's
  /// archives have them, or `x` and `y`.
  ///
  /// - Throws: `DataFileError` as for two files, or where the archive has no such arrays.
  public static func archive(
    _ path: String, inputShape: [Int]? = nil, classes: Int? = nil
  ) throws(DataFileError) -> (training: ArrayFileDataSet, test: ArrayFileDataSet?) {
    let arrays = try NPZ.tensors(from: try FileBytes.read(path), named: path)
    func pair(_ suffix: String) throws(DataFileError) -> ArrayFileDataSet? {
      guard let x = arrays.first(where: { $0.name == "x" + suffix }),
        let y = arrays.first(where: { $0.name == "y" + suffix })
      else { return nil }
      return try ArrayFileDataSet(
        inputs: x.tensor, named: "\(path), array '\(x.name)'", targets: y.tensor,
        named: "\(path), array '\(y.name)'", inputShape: inputShape, classes: classes)
    }
    if let training = try pair("_train") { return (training, try pair("_test")) }
    if let all = try pair("") { return (all, nil) }
    let names = arrays.map { "'\($0.name)'" }.joined(separator: ", ")
    throw DataFileError(
      file: path,
      problem: arrays.isEmpty ? "no arrays" : "no x_train and y_train, nor x and y, but \(names)",
      advice: "save it with numpy.savez(file, x_train=…, y_train=…)")
  }

  /// The items of two tensors that messages call `name` and `targetName`.
  init(
    inputs: Tensor, named name: String, targets: Tensor, named targetName: String,
    inputShape: [Int]?, classes: Int?
  ) throws(DataFileError) {
    guard let count = inputs.shape.first, let targetCount = targets.shape.first else {
      throw DataFileError(
        file: inputs.shape.isEmpty ? name : targetName, problem: "a single number, not an array",
        advice: "save an array whose first axis goes through the items")
    }
    guard count == targetCount else {
      throw DataFileError(
        file: targetName, problem: "\(targetCount) targets for \(count) inputs in \(name)",
        advice: "use two arrays that belong together")
    }
    self.inputShape = try ItemShape.of(
      stored: Array(inputs.shape.dropFirst()), wanted: inputShape, named: name)
    values = PackedValues(inputs.values)
    let shape = Array(targets.shape.dropFirst())
    let isSingle = shape.isEmpty || shape == [1]
    let isWhole = targets.values.allSatisfy {
      $0 >= 0 && $0 == $0.rounded() && $0 < ClassLabels.bound
    }
    if isSingle, classes != nil || isWhole {
      targetShape = []
      self.targets = .labels(
        try ClassLabels(targets.values, classes: classes, named: targetName))
    } else {
      targetShape = shape
      self.targets = .values(PackedValues(targets.values))
    }
    self.count = count
  }

  public let count: Int

  public var classCount: Int? {
    switch targets {
    case .labels(let labels): labels.classCount
    case .values: nil
    }
  }

  public func label(of index: Int) -> Int? {
    switch targets {
    case .labels(let labels): Int(labels[index])
    case .values: nil
    }
  }

  public func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) {
    values.copy(from: index * input.count, to: &input)
    switch targets {
    case .labels(let labels): target[0] = labels[index]
    case .values(let values): values.copy(from: index * target.count, to: &target)
    }
  }
}
