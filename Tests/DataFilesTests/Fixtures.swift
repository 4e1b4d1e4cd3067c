import DataFiles
import Network

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The data files shared by all tests.
enum Fixtures {
  /// The path of a file in `Tests/Fixtures/data`.
  static func path(_ name: String) -> String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    return parts.joined(separator: "/") + "/Fixtures/data/" + name
  }

  /// The bytes of a file in `Tests/Fixtures/data`.
  static func bytes(_ name: String) throws -> [UInt8] {
    try FileBytes.read(path(name))
  }

  /// The array in an `.npy` file in `Tests/Fixtures/data`.
  static func array(_ name: String) throws -> Tensor {
    try NPY.tensor(from: bytes(name), named: name)
  }
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
    var template = Array("/tmp/DataFilesTests.XXXXXX".utf8CString)
    path = String(cString: mkdtemp(&template))
  }

  deinit {
    for name in contents { remove(path + "/" + name) }
    rmdir(path)
  }

  /// The names of the files in it, hidden ones too, in order.
  var contents: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
