import Foundation
import Testing

/// The built tool, run as a user runs it.
enum Tool {
  struct Result {
    var status: Int32
    var output: Data
    var error: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// The folder that the tests were built into; the tool lies beside them.
  static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  static let path = products.appending(path: "cnntool").path()

  static let repository = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let fixtures = repository.appending(path: "Tests/Fixtures").path()
  static let model = repository.appending(path: "Models/fashion-mnist.h5").path()
  static let bag = repository.appending(path: "Models/samples/bag.png").path()

  /// Runs the tool, or another program in front of it, such as an emulator.
  static func run(
    _ arguments: [String], input: Data? = nil, environment: [String: String] = [:],
    under emulator: [String] = [], in folder: URL? = nil
  ) throws -> Result {
    let all = emulator + [path] + arguments
    let process = Process()
    process.executableURL = URL(filePath: all[0])
    process.arguments = Array(all.dropFirst())
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = folder
    // Files, not pipes: nothing to fill up, and as many bytes as there are.
    let scratch = try TemporaryFolder()
    let output = try scratch.file("output")
    let error = try scratch.file("error")
    process.standardOutput = output
    process.standardError = error
    if let input {
      try input.write(to: scratch.url.appending(path: "input"))
      process.standardInput = try FileHandle(
        forReadingFrom: scratch.url.appending(path: "input"))
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: try Data(contentsOf: scratch.url.appending(path: "output")),
      error: String(
        decoding: try Data(contentsOf: scratch.url.appending(path: "error")), as: UTF8.self))
  }

  /// Runs the tool, which must succeed, and returns what it printed.
  static func succeed(
    _ arguments: [String], environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let result = try run(arguments, environment: environment)
    #expect(result.status == 0, "\(result.error)", sourceLocation: sourceLocation)
    return result.text
  }

  /// Runs the tool, which must fail with one line that has all `parts`, and print nothing else.
  static func expectFailure(
    _ arguments: [String], environment: [String: String] = [:], status: Int32, parts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try run(arguments, environment: environment)
    #expect(result.status == status, "\(result.error)", sourceLocation: sourceLocation)
    #expect(result.output.isEmpty, sourceLocation: sourceLocation)
    #expect(
      result.error.hasPrefix("cnntool: ") && result.error.hasSuffix("\n")
        && result.error.filter(\.isNewline).count == 1,
      "not one line: \(result.error)", sourceLocation: sourceLocation)
    for part in parts {
      #expect(
        result.error.contains(part), "'\(part)' is not in: \(result.error)",
        sourceLocation: sourceLocation)
    }
  }
}

/// A folder that is removed when nobody needs it any more.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "cnn-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var path: String { url.path() }

  /// A new file for writing.
  func file(_ name: String) throws -> FileHandle {
    let target = url.appending(path: name)
    FileManager.default.createFile(atPath: target.path(), contents: nil)
    return try FileHandle(forWritingTo: target)
  }

  var contents: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}
