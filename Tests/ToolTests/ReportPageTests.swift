import DataFiles
import Foundation
import Testing

/// The page of `cnntool report` in a browser, where it does what a user does and says what is then there.
///
/// One after the other: a browser takes all that there is of the processor.
@Suite(
  .serialized,
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
      var kind: String?
      var activation: String
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
    // Of dense layers, too: the last bar's products, bias and all.
    let dense = try #require(check.results.first { $0.layer == "dense_layer_6" })
    #expect(dense.kind == "dense" && dense.bars == 128)
    try expectSum(dense)
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
    for name in ["strided", "dilated", "single", "depthwise"] {
      let found = try #require(check.results.first { $0.layer == name })
      let channel = try #require(found.channel)
      #expect(try found.cells == cells(input, name, channel: channel))
    }
    for layer in check.results { try expectSum(layer) }
    let pooled = try #require(check.results.first { $0.layer == "pooled" })
    #expect(pooled.field == "rows -1 to 15, columns -2 to 14")
  }

  /// Layers of one to five axes, of one cell and of 512 channels, with numbers that are none.
  @Test func layersOfAnyRankCanBeLookedAt() throws {
    let check = try check([
      "\(Tool.fixtures)/figures/identity.keras", "--input", "\(Tool.fixtures)/figures/identity.npz",
    ])
    #expect(check.errors.isEmpty && check.results.count == 12)
    for (layer, count) in [
      ("sequence", 30), ("maps", 30), ("volume", 40), ("wide", 1), ("beyond", 16),
    ] {
      let found = try #require(check.results.first { $0.layer == layer })
      #expect(found.cells?.count == count, "\(layer)")
    }
  }

  /// Of every layer that the page knows how to compute: what it adds up is what the layer gave.
  @Test(arguments: [
    (
      "one-dimensional", 55, ["convolution", "depthwise", "separable", "wholeMean", "wholeMaximum"]
    ),
    ("merging", 45, ["merging"]), ("depthwise", 30, ["depthwise", "separable"]),
    ("normalizations", 1, ["normalization"]), ("pooling", 10, ["maximum", "mean"]),
    ("shapes", 20, ["same", "concatenation", "merging", "dense", "normalization"]),
    ("several-inputs", 5, ["concatenation"]), ("nested", 8, ["wholeMaximum"]),
  ])
  func whatIsAddedUpIsWhatTheLayerGave(_ name: String, _ least: Int, _ kinds: [String]) throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "input.npz")
    try Data(NPZ.bytes(of: LayerFixture.inputs(of: "\(name).keras3"), named: "input.npz")).write(
      to: file)
    let check = try check([
      "\(Tool.fixtures)/layers/\(name).keras3.h5", "--input", file.path(), "--index", "0",
    ])
    #expect(check.errors.isEmpty, "\(check.errors)")
    let known = check.results.filter { $0.kind != nil }
    #expect(known.count >= least && Set(kinds).isSubset(of: known.compactMap(\.kind)))
    for layer in known { try expectSum(layer) }
  }

  /// Within float32's rounding of numbers below ten, and of six decimals.
  private func expectSum(_ layer: Check.Layer) throws {
    let activations: [String: (Double) -> Double] = [
      "linear": { $0 }, "relu": { max(0, $0) }, "tanh": { tanh($0) },
    ]
    guard let kind = layer.kind, kind != "function",
      let activation = activations[layer.activation]
    else { return }
    let sum = try #require(layer.sum.flatMap(Double.init), "\(layer.layer)")
    let value = try #require(layer.cells?.last.flatMap(Double.init))
    #expect(abs(activation(sum) - value) < 3e-6, "\(layer.layer)")
  }
}

private enum Browser {
  /// Where Chromium is; nil where it is not installed.
  static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/chromium" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}
