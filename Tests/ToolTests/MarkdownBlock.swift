import Foundation

/// A block of code in a document of the repository.
struct MarkdownBlock {
  var language: String
  var text: String

  /// The blocks of a document, in order.
  static func blocks(of document: String) throws -> [MarkdownBlock] {
    let text = try String(
      contentsOf: Tool.repository.appending(path: document), encoding: .utf8)
    var blocks: [MarkdownBlock] = []
    var open: MarkdownBlock?
    for line in text.components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          open = MarkdownBlock(language: String(line.dropFirst(3)), text: "")
        }
      } else if open != nil {
        open?.text += line + "\n"
      }
    }
    return blocks
  }

  /// The lines as commands in words; a line may go on behind a backslash.
  var commands: [[String]] {
    text.replacingOccurrences(of: "\\\n", with: " ").split(separator: "\n")
      .map { $0.split(separator: " ").map(String.init) }
  }
}
