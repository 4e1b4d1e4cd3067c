import Foundation
import Testing

/// The page of `cnntool report` in a browser, where it does what a user does and says what is then there.
@Suite(
  .enabled(if: Browser.path != nil, "there is no 'chromium' in PATH: make check-report installs it")
)
struct ReportPageTests {
  /// What the page says of itself with `#check`: for each layer the last cell of its last map.
  private struct Check: Decodable {
    var errors: [String]
    var results: [Layer]
    /// Where the arrow upwards led from the last layer.
    var last: Int

    struct Layer: Decodable {
      var layer: String
      var bars: Int?
      var channel: Int?
      var cells: [String]?
      var sum: String?
      var field: String?
      var outlines: Int?
    }
  }

  private func check(_ input: [String]) throws -> Check {
    let folder = try TemporaryFolder()
    let page = folder.url.appending(path: "report.html").path()
    _ = try Tool.succeed(["report"] + input + ["-o", page])
    let output = try folder.file("dom")
    let browser = Process()
    browser.executableURL = URL(filePath: "/usr/bin/env")
    browser.arguments = [
      // Without its sandbox, which root does not get: the page is of this test's own making.
      "timeout", "100", try #require(Browser.path), "--headless", "--no-sandbox",
      "--user-data-dir=\(folder.path)/profile", "--dump-dom", "file://\(page)#check",
    ]
    browser.standardOutput = output
    browser.standardError = FileHandle.nullDevice
    try browser.run()
    browser.waitUntilExit()
    #expect(browser.terminationStatus == 0)
    let dom = try String(contentsOfFile: folder.url.appending(path: "dom").path(), encoding: .utf8)
    let found = try #require(dom.firstMatch(of: #/<pre id="check">([^<]*)<\/pre>/#))
    let text = String(found.1).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&amp;", with: "&")
    return try JSONDecoder().decode(Check.self, from: Data(text.utf8))
  }

  /// The cells of a channel as `dump-layer --html` has them.
  private func cells(_ input: [String], _ layer: String, channel: Int) throws -> [String] {
    let html = try Tool.succeed(
      ["dump-layer"] + input + ["--layer", layer, "--channel", "\(channel)", "--html"])
    return html.matches(of: #/<td [^>]*>([^<]+)</td>/#).map { String($0.1) }
  }

  @Test func theBundledModelCanBeLookedAt() throws {
    let input = [Tool.model, "--input", Tool.bag, "--scale", "1/255"]
    let check = try check(input)
    #expect(check.errors.isEmpty)
    #expect(check.results.count == 8 && check.last == 6)
    #expect(check.results.last?.bars == 10)
    for (layer, columns) in [("conv_layer_1", "25 to 27"), ("conv_layer_3", "20 to 27")] {
      let found = try #require(check.results.first { $0.layer == layer })
      #expect(found.channel == 63 && found.outlines == 1)
      #expect(try found.cells == cells(input, layer, channel: 63))
      #expect(found.field == "rows \(columns), columns \(columns)")
    }
  }

  /// Sums that the page adds up again are what the layers computed, within float32's rounding of small numbers.
  @Test func windowsAddUpAndNamesDoNoHarm() throws {
    let file = "\(Tool.fixtures)/figures/report.keras"
    let input = [file, "--input", "\(Tool.fixtures)/figures/report.npz", "--index", "1"]
    let check = try check(input)
    #expect(check.errors.isEmpty)
    // Each was found by its name.
    #expect(
      check.results.map(\.layer) == [
        "picture", "padded", "strided", "dilated", "single", "added", "depthwise", "pooled",
        "</script><script>throw 1</script>&\"<b>", "flat", "classes",
      ])
    let activations: [String: (Double) -> Double] = [
      "strided": { max(0, $0) }, "dilated": { $0 }, "single": { $0 }, "depthwise": { tanh($0) },
    ]
    for (layer, activation) in activations {
      let found = try #require(check.results.first { $0.layer == layer })
      let channel = try #require(found.channel)
      #expect(try found.cells == cells(input, layer, channel: channel))
      let sum = try #require(found.sum.flatMap(Double.init))
      let value = try #require(found.cells?.last.flatMap(Double.init))
      // Both are rounded to six decimals.
      #expect(abs(activation(sum) - value) < 3e-6, "\(layer)")
    }
    let pooled = try #require(check.results.first { $0.layer == "pooled" })
    #expect(pooled.field == "rows -1 to 15, columns -2 to 14")
  }
}

private enum Browser {
  /// Where Chromium is; nil where it is not installed.
  static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/chromium" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}
