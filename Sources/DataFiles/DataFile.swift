/// Files of pictures and arrays, told apart by their contents, whatever their names.
public enum DataFile {
  /// Reads the file at `path`, or standard input when it is `-`.
  ///
  /// `index` chooses an item of an IDX file, of which only that is read then: its content is the
  /// item, without the first axis. Files of other formats are read whole; take the item with
  /// `Tensor.item(_:of:)`.
  ///
  /// - Throws: `DataFileError` when the file cannot be read, is damaged or of no known format, or
  ///   has no item at `index`.
  public static func read(_ path: String, index: Int? = nil) throws(DataFileError) -> InputData {
    try data(
      from: try FileBytes.read(path), named: FileBytes.displayName(of: path), index: index)
  }

  /// What the bytes of a file that messages call `name` hold; see `read(_:index:)`.
  ///
  /// - Throws: `DataFileError` when the bytes are damaged or of no known format, or have no item at
  ///   `index`.
  public static func data(
    from bytes: [UInt8], named name: String, index: Int? = nil
  ) throws(DataFileError) -> InputData {
    guard !bytes.isEmpty else {
      throw DataFileError(
        file: name, problem: "an empty file",
        advice: "give a picture, .npy, .npz, .csv or IDX file")
    }
    guard let format = format(of: bytes) else {
      throw DataFileError(
        file: name,
        problem: "not a picture, .npy, .npz, .csv or IDX file (its first bytes are "
          + "\(quoted(bytes)))",
        advice: "convert it to one of these")
    }
    let content: InputData.Content =
      switch format {
      case .png: .picture(try Picture(png: bytes, named: name))
      case .jpeg: .picture(try Picture(jpeg: bytes, named: name))
      case .npy: .tensor(try NPY.tensor(from: bytes, named: name))
      case .npz: .arrays(try NPZ.tensors(from: bytes, named: name))
      case .idx: .tensor(try IDX.tensor(from: bytes, named: name, index: index))
      case .csv: .tensor(try CSVTable.tensor(from: bytes, named: name))
      }
    return InputData(name: name, format: format, content: content)
  }

  /// The format that the bytes begin as; nil if it is none that can be read.
  package static func format(of bytes: [UInt8]) -> InputData.Format? {
    if bytes.starts(with: Picture.pngMagic) { return .png }
    if bytes.starts(with: Picture.jpegMagic) { return .jpeg }
    if bytes.starts(with: NPY.magic) { return .npy }
    // A zip archive begins with a member, or, when it has none, with its end record.
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return .npz }
    if bytes.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return .npz }
    if bytes.starts(with: GzipSource.magic) || IDX.isIDX(bytes) { return .idx }
    return CSVReader.looksLikeTable(bytes) ? .csv : nil
  }

  /// The first four bytes for a message: as text when they are, else in hexadecimal.
  static func quoted(_ bytes: [UInt8]) -> String {
    let start = bytes.prefix(4)
    if start.allSatisfy({ (0x20..<0x7F).contains($0) }) {
      return "'\(String(decoding: start, as: UTF8.self))'"
    }
    return start.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
