import Foundation
import Testing

/// The README's commands run and print what it says; its Swift is compiled as a test.
@Suite struct ReadmeTests {
  private struct Block {
    var language: String
    var text: String
  }

  private func blocks() throws -> [Block] {
    let readme = try String(
      contentsOf: Tool.repository.appending(path: "README.md"), encoding: .utf8)
    var blocks: [Block] = []
    var open: Block?
    for line in readme.components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          open = Block(language: String(line.dropFirst(3)), text: "")
        }
      } else if open != nil {
        open?.text += line + "\n"
      }
    }
    return blocks
  }

  @Test func commandsPrintWhatTheReadmeSays() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: "Models"),
      withDestinationURL: Tool.repository.appending(path: "Models"))
    let blocks = try blocks()
    var count = 0
    for (index, block) in blocks.enumerated() where block.language == "sh" {
      for line in block.text.split(separator: "\n") {
        let words = line.split(separator: " ").map(String.init)
        try #require(words.first == "cnntool", "\(line)")
        let result = try Tool.run(Array(words.dropFirst()), in: folder.url)
        #expect(result.status == 0, "\(line): \(result.error)")
        if index + 1 < blocks.count, blocks[index + 1].language.isEmpty {
          #expect(result.text == blocks[index + 1].text, "\(line)")
        }
        count += 1
      }
    }
    #expect(count >= 5)
    #expect(
      try folder.contents == [
        "Models", "fashion-mnist.cnn", "fashion-mnist.keras", "layers", "layers.npz", "outputs.npz",
        "weights.npz",
      ])
  }

  @Test func swiftIsCompiledAndRun() throws {
    let test = try String(
      contentsOf: Tool.repository.appending(path: "Tests/NetworkTests/ReadmeExampleTests.swift"),
      encoding: .utf8)
    let compiled = test.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let examples = try blocks().filter { $0.language == "swift" }
    try #require(!examples.isEmpty)
    for example in examples {
      for line in example.text.split(separator: "\n") {
        #expect(compiled.contains(line.trimmingCharacters(in: .whitespaces)), "\(line)")
      }
    }
  }

  @Test func everyCommandHasHelpWithAnExample() throws {
    let commands = [
      "summary", "predict", "run", "dump-layer", "convert", "verify", "train", "evaluate", "bench",
    ]
    for command in commands {
      let text = try Tool.succeed(["help", command])
      #expect(text.contains("Example: cnntool \(command) "))
    }
  }
}
