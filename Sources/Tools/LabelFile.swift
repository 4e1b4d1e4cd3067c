import DataFiles

/// A text file with a class name a line.
enum LabelFile {
  /// - Throws: `DataFileError`, where it cannot be read.
  static func read(_ path: String) throws -> [String] {
    let bytes = try FileBytes.read(path)
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { line in
        String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
      }
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
