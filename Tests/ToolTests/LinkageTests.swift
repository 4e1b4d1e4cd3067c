import Foundation
import Testing

@Suite struct LinkageTests {
  /// All of Foundation brings ICU along: 70 MB of a static tool, and time at every start.
  @Test func theToolDoesWithoutAllOfFoundation() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["readelf", "--dynamic", "--wide", Tool.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let libraries = text.split(separator: "\n").filter { $0.contains("NEEDED") }
    try #require(libraries.contains { $0.contains("libhdf5") })
    #expect(!libraries.contains { $0.contains("libFoundation.so") || $0.contains("ICU") })
  }
}
