import DataFiles
import Training

/// Pictures in a folder that has one folder for each class, read when they are asked for.
///
/// Classes and pictures are in the order of their names, as in Keras's `image_dataset_from_directory`, and
/// pictures are resized as there, without antialiasing or keeping their proportions.
public struct PictureFolderDataSet: DataSet {
  private let files: [File]
  private let interpolation: Interpolation

  public let inputShape: [Int]

  private let names: [String]

  private struct File {
    let path: String
    let label: Float
  }

  private static let suffixes = [".jpeg", ".jpg", ".png"]

  /// The pictures below a folder, whose names end in `.jpeg`, `.jpg` or `.png`.
  ///
  /// - Parameters:
  ///   - path: The path of the folder of the classes' folders.
  ///   - inputShape: What the pictures are made: (height, width, 3), or (height, width, 1) for gray.
  ///   - interpolation: How pictures of another size are made: bilinearly as in Keras's
  ///     `image_dataset_from_directory`, or of the nearest pixels as in `ImageDataGenerator`.
  ///   - classNames: The classes' folders in another order than that of their names; nil for all of them.
  /// - Throws: `DataFileError` where a folder cannot be read, there are no folders in it, or a class has no
  ///   picture.
  public init(
    _ path: String, inputShape: [Int] = [256, 256, 3], interpolation: Interpolation = .bilinear,
    classNames: [String]? = nil
  ) throws(DataFileError) {
    guard inputShape.count == 3, inputShape[2] == 1 || inputShape[2] == 3,
      inputShape.allSatisfy({ $0 > 0 })
    else {
      throw DataFileError(
        file: path,
        problem: "pictures, which are of (height, width, 1 or 3), not of "
          + inputShape.map(String.init).joined(separator: "×"),
        advice: "use a network of pictures, or data that fits the network")
    }
    names = if let classNames { classNames } else { try Self.classNames(in: path) }
    guard !names.isEmpty else {
      throw DataFileError(
        file: path, problem: "no folders in it",
        advice: "put the pictures of each class into a folder")
    }
    var files: [File] = []
    for (label, name) in names.enumerated() {
      let folder = path + "/" + name
      let pictures = try Folder.files(below: folder).filter(Self.isPicture)
      guard !pictures.isEmpty else {
        throw DataFileError(
          file: folder, problem: "the folder of a class, but no picture in it",
          advice: "put .png or .jpg files into it, or remove it")
      }
      files += pictures.map { File(path: $0, label: Float(label)) }
    }
    self.files = files
    self.interpolation = interpolation
    self.inputShape = inputShape
  }

  /// The names of the folders in a folder.
  static func classNames(in path: String) throws(DataFileError) -> [String] {
    try Folder.names(in: path).filter { Folder.exists(path + "/" + $0) }
  }

  private static func isPicture(_ path: String) -> Bool {
    let name = path.lowercased()
    return suffixes.contains { name.hasSuffix($0) }
  }

  public var count: Int { files.count }
  public var targetShape: [Int] { [] }
  public var classNames: [String]? { names }
  public func label(of index: Int) -> Int? { Int(files[index].label) }

  /// The path of an item's file.
  public func path(of index: Int) -> String { files[index].path }

  /// - Throws: `DataFileError` where the file is no picture or damaged.
  public func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) throws {
    let file = files[index]
    let picture = try Picture(contentsOf: file.path)
    guard let converted = picture.converted(toChannels: inputShape[2]) else {
      preconditionFailure("a picture has 1 or 3 channels, as the shape was found to have")
    }
    converted.resize(
      toWidth: inputShape[1], height: inputShape[0], interpolation: interpolation, into: &input)
    target[0] = file.label
  }
}
