import DataFiles
import Network

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
