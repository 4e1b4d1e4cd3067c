import Foundation
import Testing

/// The README's commands run and print what it says; its Swift is compiled as a test.
@Suite struct ReadmeTests {
  @Test func commandsPrintWhatTheReadmeSays() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: "Models"),
      withDestinationURL: Tool.repository.appending(path: "Models"))
    let blocks = try MarkdownBlock.blocks(of: "README.md")
    var count = 0
    for (index, block) in blocks.enumerated() where block.language == "sh" {
      for words in block.commands {
        try #require(words.first == "cnntool", "\(words)")
        let result = try Tool.run(Array(words.dropFirst()), in: folder.url)
        #expect(result.status == 0, "\(words): \(result.error)")
        if index + 1 < blocks.count, blocks[index + 1].language.isEmpty {
          #expect(result.text == blocks[index + 1].text, "\(words)")
        }
        count += 1
      }
    }
    #expect(count >= 5)
    #expect(
      try folder.contents == [
        "Models", "channel.html", "channel.png", "classes.pdf", "fashion-mnist.cnn",
        "fashion-mnist.keras", "filters.svg", "gradcam.npy", "gradcam.png", "layers", "layers.csv",
        "layers.npz", "maps.png", "model.svg", "outputs.npz", "report.html", "weights.npz",
      ])
  }

  @Test func swiftIsCompiledAndRun() throws {
    let test = try String(
      contentsOf: Tool.repository.appending(path: "Tests/NetworkTests/ReadmeExampleTests.swift"),
      encoding: .utf8)
    let compiled = test.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let examples = try MarkdownBlock.blocks(of: "README.md").filter { $0.language == "swift" }
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
      "plot", "report", "explain",
    ]
    for command in commands {
      let text = try Tool.succeed(["help", command])
      #expect(text.contains("Example: cnntool \(command) "))
    }
  }
}
