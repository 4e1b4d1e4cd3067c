import DataFiles
import DataSets

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

/// An empty folder that is removed with all it holds.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/DataSetsTests.XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template))
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { remove(path + "/" + name) }
      }
      closedir(folder)
    }
    removeEntry(path)
  }

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

/// The C library's `remove`, which that of the folder hides by its name.
private func removeEntry(_ path: String) { remove(path) }
