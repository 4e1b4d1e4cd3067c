import DataFiles
// Data sets that are read from files.
@_exported import Training

/// Data sets at a path, whatever their format.
public enum DataSets {
  /// What there is to train with at a path, and what to test with.
  public struct Opened: Sendable {
    /// The items to train with: all of them, where the data is not divided.
    public let training: any DataSet
    /// The items to test or validate with; nil where there are none apart.
    public let test: (any DataSet)?
  }

  /// Opens the data set at a path; what it is, its content says:
  ///
  /// - a folder with `train-images-idx3-ubyte` and its labels, gzipped or not, and the same of `t10k`, as
  ///   those of MNIST;
  /// - a folder with `x_train.npy` and `y_train.npy`, and the same of `test`;
  /// - a folder with folders of pictures, one for each class, or with `train` and `validation` or `test`,
  ///   which have such folders;
  /// - a file: a table (CSV) with a column of labels; an `.npz` archive of `x_train` and `y_train`, or of `x`
  ///   and `y`; an `.npy` file called `x…`, with one called `y…` beside it.
  ///
  /// - Parameters:
  ///   - inputShape: The shape of an item, such as the input of the network; nil for what the files say, and
  ///     for pictures in folders 256×256 in colour.
  ///   - classes: The number of classes, such as the outputs of the network; nil for as many as there are.
  ///   - interpolation: How pictures in folders are made as large as `inputShape` says.
  ///   - labelColumn: The name of a table's column of labels; nil for `label`, or the first.
  /// - Throws: `DataFileError` where there is no such data set, or it cannot be read.
  public static func open(
    _ path: String, inputShape: [Int]? = nil, classes: Int? = nil,
    interpolation: Interpolation = .bilinear, labelColumn: String? = nil
  ) throws(DataFileError) -> Opened {
    guard Folder.exists(path) else {
      return try openFile(
        path, inputShape: inputShape, classes: classes, labelColumn: labelColumn)
    }
    if let training = try idx("train", in: path, inputShape, classes) {
      return Opened(training: training, test: try idx("t10k", in: path, inputShape, classes))
    }
    if let training = try arrays("train", in: path, inputShape, classes) {
      return Opened(training: training, test: try arrays("test", in: path, inputShape, classes))
    }
    return try pictures(in: path, inputShape ?? [256, 256, 3], interpolation, classes)
  }

  /// Opens the items to test with at a path, or all of them where the data is not divided; as `open`, but
  /// without reading files that have only items to train with.
  ///
  /// - Throws: `DataFileError` where there is no such data set, or it cannot be read.
  public static func openTest(
    _ path: String, inputShape: [Int]? = nil, classes: Int? = nil,
    interpolation: Interpolation = .bilinear, labelColumn: String? = nil
  ) throws(DataFileError) -> any DataSet {
    if Folder.exists(path) {
      if let test = try idx("t10k", in: path, inputShape, classes) { return test }
      if let test = try arrays("test", in: path, inputShape, classes) { return test }
    }
    let opened = try open(
      path, inputShape: inputShape, classes: classes, interpolation: interpolation,
      labelColumn: labelColumn)
    return opened.test ?? opened.training
  }

  private static func openFile(
    _ path: String, inputShape: [Int]?, classes: Int?, labelColumn: String?
  ) throws(DataFileError) -> Opened {
    switch DataFile.format(of: try Folder.start(of: path)) {
    case .csv:
      return Opened(
        training: try CSVDataSet(
          path, labelColumn: labelColumn, inputShape: inputShape, classes: classes), test: nil)
    case .npz:
      let sets = try ArrayFileDataSet.archive(path, inputShape: inputShape, classes: classes)
      return Opened(training: sets.training, test: sets.test)
    case .npy:
      return try openArrays(path, inputShape, classes)
    case .idx:
      throw notDataSet(path, "an IDX file without its other half", "name the folder that has both")
    case .png, .jpeg:
      throw notDataSet(path, "a single picture", "name a folder that has a folder for each class")
    case nil:
      throw notDataSet(
        path, "no data set that is known",
        "give a folder of pictures or IDX files, or a .csv, .npz or .npy file")
    }
  }

  /// An `.npy` file of inputs with its targets beside it, and where it is called `x_train`, those of the
  /// test.
  private static func openArrays(
    _ path: String, _ inputShape: [Int]?, _ classes: Int?
  ) throws(DataFileError) -> Opened {
    guard let targets = targetPath(of: path) else {
      throw notDataSet(path, "an array without targets", "call it x.npy and its targets y.npy")
    }
    let training = try ArrayFileDataSet(
      inputs: path, targets: targets, inputShape: inputShape, classes: classes)
    var test: ArrayFileDataSet?
    if path.hasSuffix("train.npy") {
      let inputs = String(path.dropLast("train.npy".count)) + "test.npy"
      if Folder.hasFile(inputs), let targets = targetPath(of: inputs), Folder.hasFile(targets) {
        test = try ArrayFileDataSet(
          inputs: inputs, targets: targets, inputShape: inputShape, classes: classes)
      }
    }
    return Opened(training: training, test: test)
  }

  /// The file of the targets that belong to `x….npy`; nil for another name.
  private static func targetPath(of path: String) -> String? {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return switch path[start...].first {
    case "x": path[..<start] + "y" + path[start...].dropFirst()
    case "X": path[..<start] + "Y" + path[start...].dropFirst()
    default: nil
    }
  }

  private static func arrays(
    _ part: String, in folder: String, _ inputShape: [Int]?, _ classes: Int?
  ) throws(DataFileError) -> ArrayFileDataSet? {
    let (inputs, targets) = ("\(folder)/x_\(part).npy", "\(folder)/y_\(part).npy")
    guard Folder.hasFile(inputs), Folder.hasFile(targets) else { return nil }
    return try ArrayFileDataSet(
      inputs: inputs, targets: targets, inputShape: inputShape, classes: classes)
  }

  private static func idx(
    _ part: String, in folder: String, _ inputShape: [Int]?, _ classes: Int?
  ) throws(DataFileError) -> IDXDataSet? {
    guard let images = idxFile("\(folder)/\(part)-images", "idx3-ubyte") else { return nil }
    guard let labels = idxFile("\(folder)/\(part)-labels", "idx1-ubyte") else {
      throw notDataSet(images, "pictures without labels", "put the file of labels beside it")
    }
    return try IDXDataSet(
      images: images, labels: labels, inputShape: inputShape, classes: classes)
  }

  /// The file of one of the names under which IDX files are passed on; nil where there is none.
  private static func idxFile(_ stem: String, _ suffix: String) -> String? {
    for separator in ["-", "."] {
      for packed in ["", ".gz"] where Folder.hasFile(stem + separator + suffix + packed) {
        return stem + separator + suffix + packed
      }
    }
    return nil
  }

  private static func pictures(
    in path: String, _ inputShape: [Int], _ interpolation: Interpolation, _ classes: Int?
  ) throws(DataFileError) -> Opened {
    // A class may be called train, too.
    let part = path + "/train"
    let isDivided =
      Folder.exists(part) ? try !PictureFolderDataSet.classNames(in: part).isEmpty : false
    let training = try PictureFolderDataSet(
      isDivided ? part : path, inputShape: inputShape, interpolation: interpolation)
    if let classes, let found = training.classCount, found > classes {
      throw notDataSet(
        path, "\(found) classes, but \(classes) are expected",
        "give the network as many outputs as there are folders")
    }
    guard isDivided else { return Opened(training: training, test: nil) }
    for name in ["validation", "test"] where Folder.exists(path + "/" + name) {
      let test = try PictureFolderDataSet(
        path + "/" + name, inputShape: inputShape, interpolation: interpolation,
        classNames: training.classNames)
      return Opened(training: training, test: test)
    }
    return Opened(training: training, test: nil)
  }

  private static func notDataSet(
    _ path: String, _ problem: String, _ advice: String
  ) -> DataFileError {
    DataFileError(file: path, problem: problem, advice: advice)
  }
}
