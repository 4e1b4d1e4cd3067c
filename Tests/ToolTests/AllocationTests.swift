import Foundation
import Testing

@Suite struct AllocationTests {
  /// A run asks for no memory, in Swift or in C, on one thread or on several, picture by picture or a batch at a
  /// time; that preparing it does shows that the count counts.
  @Test(arguments: [(1, 1), (1, 3), (40, 1), (40, 3)])
  func aRunAllocatesNothing(_ size: (batch: Int, threads: Int)) throws {
    let process = Process()
    process.executableURL = Tool.products.appending(path: "allocation-count")
    process.arguments = [Tool.model, "\(size.batch)", "\(size.threads)"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let counts = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    try #require(process.terminationStatus == 0 && counts.count == 4, "\(text)")
    #expect(counts[0] == 0 && counts[1] > 100)
    #expect(counts[2] == 0 && counts[3] > 100)
  }
}
