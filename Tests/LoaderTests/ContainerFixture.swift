import DataFiles
import Foundation
import Loader
import Network
import Testing

/// The files of `Tests/Fixtures/containers`.
enum ContainerFixture {
  static let folder = KerasFixture.folder + "/containers"

  static func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Checks that a network computes what Keras does, as `NAME.npz` has it.
  static func check(
    _ network: Network, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = path(name + ".npz")
    let arrays = try NPZ.tensors(from: FileBytes.read(file), named: file)
    let input = try #require(arrays.first { $0.name == "input" }).tensor
    let expected = try #require(arrays.first { $0.name == "output" }).tensor
    let found = try network.predict(input)[0]
    #expect(found.shape == expected.shape, sourceLocation: sourceLocation)
    for (value, wanted) in zip(found.values, expected.values) {
      #expect(isClose(value, to: wanted), sourceLocation: sourceLocation)
    }
  }

  /// Checks that loading fails, and that the message has all parts.
  static func expectFailure(
    _ parts: [String], sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) {
    do {
      try body()
      Issue.record("it did not fail; expected \(parts)", sourceLocation: sourceLocation)
    } catch {
      for part in parts {
        #expect(
          "\(error)".contains(part), "'\(part)' is not in: \(error)",
          sourceLocation: sourceLocation)
      }
    }
  }

  /// A file that is removed afterwards.
  static func withFile<Result>(
    _ content: Data, _ body: (String) throws -> Result
  ) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: "cnn-\(UUID().uuidString)")
    try content.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path())
  }
}
