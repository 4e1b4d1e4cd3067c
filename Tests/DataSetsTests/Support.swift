import DataFiles
import DataSets
import TestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An item as a data set wrote it.
struct Item: Equatable {
  var input: [Float]
  var target: [Float]
}

extension DataSet {
  /// Reads an item into memory that holds something else.
  func item(_ index: Int) throws -> Item {
    var inputs = [Float](repeating: -7, count: inputSize)
    var targets = [Float](repeating: -7, count: targetSize)
    var input = inputs.mutableSpan
    var target = targets.mutableSpan
    try read(index, variation: nil, input: &input, target: &target)
    return Item(input: inputs, target: targets)
  }
}

/// The path of a file in `Tests/Fixtures/data`.
func fixture(_ name: String) -> String {
  let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
  return parts.joined(separator: "/") + "/Fixtures/data/" + name
}

/// The text of the error that `body` throws; nil when it throws none.
func message<Result>(_ body: () throws -> Result) -> String? {
  do {
    _ = try body()
    return nil
  } catch {
    return "\(error)"
  }
}

extension TemporaryFolder {
  /// Writes a file, and makes the folders it is to be in; returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let parts = name.split(separator: "/")
    for count in 1..<max(parts.count, 1) {
      mkdir(path + "/" + parts.prefix(count).joined(separator: "/"), 0o700)
    }
    try AtomicFile.write(bytes, to: path + "/" + name)
    return path + "/" + name
  }

  /// Writes a file of text; returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  /// Copies a file of `Tests/Fixtures/data`.
  func copy(_ fixtureName: String, to name: String) throws {
    try write(FileBytes.read(fixture(fixtureName)), to: name)
  }
}
