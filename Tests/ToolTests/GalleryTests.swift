import Foundation
import Testing

/// The commands of docs/gallery.md make the pictures that the page shows.
@Suite struct GalleryTests {
  @Test func commandsMakeThePicturesOfThePage() throws {
    let folder = try TemporaryFolder()
    let gallery = folder.url.appending(path: "docs/gallery")
    try FileManager.default.createDirectory(at: gallery, withIntermediateDirectories: true)
    for name in ["Models", "docs/results"] {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appending(path: name),
        withDestinationURL: Tool.repository.appending(path: name))
    }
    for block in try MarkdownBlock.blocks(of: "docs/gallery.md") where block.language == "sh" {
      for words in block.commands {
        try #require(words.first == "cnntool", "\(words)")
        let result = try Tool.run(Array(words.dropFirst()), in: folder.url)
        #expect(result.status == 0, "\(words): \(result.error)")
      }
    }
    let made = try FileManager.default.contentsOfDirectory(atPath: gallery.path())
    let page = try String(
      contentsOf: Tool.repository.appending(path: "docs/gallery.md"), encoding: .utf8)
    let shown = Set(page.matches(of: #/\]\(gallery/([^)]+)\)/#).map { String($0.1) })
    #expect(shown.count > 10 && Set(made) == shown)
    let committed = try FileManager.default.contentsOfDirectory(
      atPath: Tool.repository.appending(path: "docs/gallery").path())
    #expect(Set(committed) == shown)
  }
}
