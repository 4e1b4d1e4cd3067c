import DataFiles
import Foundation
import Network
import Testing

/// Tables with coloured cells, compared with what pandas's Styler makes of the same numbers, and tidy ones.
@Suite struct DumpLayerTableTests {
  private let dump = [
    "dump-layer", "\(Tool.fixtures)/figures/identity.keras", "--input",
    "\(Tool.fixtures)/figures/identity.npz", "--layer", "maps",
  ]

  private struct Cell: Equatable {
    var row: Int
    var column: Int
    var text: String
    var isGreen: Bool

    var value: Double { Double(text) ?? .nan }
  }

  /// The cells of a table as this tool writes it.
  private func cells(_ html: String) throws -> [Cell] {
    let pattern =
      #/<td class="data row(\d+) col(\d+)"( style="background-color: rgb\(\d+, \d+, \d+\)")?>([^<]+)</td>/#
    return try html.matches(of: pattern).map { match in
      try Cell(
        row: #require(Int(match.1)), column: #require(Int(match.2)),
        text: String(match.4), isGreen: match.3 != nil)
    }
  }

  /// The cells of a table as pandas writes it, whose colours are in a list of names.
  private func pandasCells() throws -> [Cell] {
    let html = try String(contentsOfFile: "\(Tool.fixtures)/figures/table.html", encoding: .utf8)
    let pattern = #/<td id="(T_table_row(\d+)_col(\d+))" class="data row\d+ col\d+" >([^<]+)</td>/#
    let style = try #require(html.split(separator: "</style>").first)
    let green = Set(style.matches(of: #/#(T_table_row\d+_col\d+)/#).map(\.1))
    return try html.matches(of: pattern).map { match in
      try Cell(
        row: #require(Int(match.2)), column: #require(Int(match.3)),
        text: String(match.4), isGreen: green.contains(match.1))
    }
  }

  @Test func isTheTableThatPandasStyles() throws {
    let found = try cells(try Tool.succeed(dump + ["--channel", "0", "--html"]))
    let expected = try pandasCells()
    #expect(expected.count == 30 && found == expected)
    #expect(Set(found.map(\.isGreen)) == [true, false])
  }

  @Test func highlightsWhatIsAskedFor() throws {
    let text = { (highlight: String) in
      try Tool.succeed(dump + ["--channel", "0", "--html", "--highlight", highlight])
    }
    let all = try cells(try text("positive"))
    let top = try cells(try text("top=3")).filter(\.isGreen).map(\.value)
    #expect(top.sorted() == all.map(\.value).sorted().suffix(3))
    let above = try cells(try text("above=0.5"))
    #expect(above.map(\.isGreen) == all.map { $0.value > 0.5 })
    let gradient = try cells(try text("gradient"))
    #expect(gradient.map(\.isGreen).contains(false) && gradient.map(\.isGreen).contains(true))
    try Tool.expectFailure(
      dump + ["--channel", "0", "--html", "--highlight", "most"], status: 2, parts: ["highlight"])
    try Tool.expectFailure(
      dump + ["--channel", "0", "--csv", "--highlight", "positive"], status: 2,
      parts: ["--highlight is for --html"])
  }

  @Test func writesMarkdownAndTerminalTables() throws {
    let markdown = try Tool.succeed(dump + ["--channel", "2", "--markdown"])
    let lines = markdown.split(separator: "\n")
    #expect(lines.count == 8 && lines[0] == "|  | 0 | 1 | 2 | 3 | 4 |")
    #expect(lines[2].hasPrefix("| **0** | **0.750000** | "))
    let plain = try Tool.succeed(dump + ["--channel", "1", "--table"])
    #expect(plain.contains("nan") && plain.contains("-inf") && !plain.contains("\u{1B}"))
    let colored = try Tool.succeed(
      dump + ["--channel", "2", "--format", "table"],
      environment: ["CLICOLOR_FORCE": "1", "NO_COLOR": ""])
    #expect(colored.components(separatedBy: "0.750000\u{1B}[0m").count == 31)
  }

  /// A line a number, which leads back to the arrays.
  @Test func tidyTablesHoldEveryNumber() throws {
    let text = try Tool.succeed(
      Array(dump.dropLast(2)) + ["-l", "vector", "-l", "sequence", "-l", "maps", "--tidy"])
    var lines = text.split(separator: "\n")
    #expect(lines.removeFirst() == "layer,row,column,channel,value")
    #expect(lines.count == 7 + 30 + 90)
    let file = "\(Tool.fixtures)/figures/identity.npz"
    let arrays = try NPZ.tensors(from: FileBytes.read(file), named: file)
    for line in lines {
      let cells = line.split(separator: ",").map(String.init)
      let array = try #require(arrays.first { $0.name == "\(cells[0])_input" }?.tensor)
      let shape = Array(array.shape.dropFirst())
      let place = try cells[1...3].map { try #require(Int($0)) }
      let columns = shape.count > 2 ? shape[1] : 1
      let index = (place[0] * columns + place[1]) * (shape.last ?? 1) + place[2]
      let value = try #require(Float(cells[4]))
      let expected = array.values[index]
      #expect(value == expected || value.isNaN && expected.isNaN, "\(line)")
    }
  }

  @Test func theEndingOfTheFileIsItsFormat() throws {
    let folder = try TemporaryFolder()
    for (ending, flag) in [("html", "--html"), ("md", "--markdown"), ("npy", "--npy")] {
      let file = folder.url.appending(path: "map.\(ending)").path()
      _ = try Tool.succeed(dump + ["--channel", "0", "-o", file])
      let direct = try Tool.run(dump + ["--channel", "0", flag])
      #expect(try Data(contentsOf: URL(filePath: file)) == direct.output, "\(ending)")
    }
  }

  @Test func writesTablesOfAFolder() throws {
    let folder = try TemporaryFolder()
    _ = try Tool.succeed(dump + ["--html", "-o", folder.path])
    #expect(
      try folder.contents == (0..<3).map { "maps_channel_\($0).html" })
    try Tool.expectFailure(
      dump + ["--html", "--format", "tidy"], status: 2, parts: ["--html and --format tidy"])
  }

  /// Tables of one to three axes; of more, the message says what there is.
  @Test(arguments: ["html", "markdown", "table"])
  func layersOfAnyRankAreTablesOrRefused(_ format: String) throws {
    let identity = Array(dump.prefix(4)) + ["--\(format)", "--layer"]
    for (layer, channel) in [
      ("vector", []), ("sequence", []), ("maps", ["-c", "1"]), ("maps", ["-c", "2"]),
      ("wide", ["-c", "511"]),
    ] {
      let text = try Tool.succeed(identity + [layer] + channel)
      #expect(text.contains(channel == ["-c", "2"] ? "0.750000" : "."))
      #expect(text.contains("nan") == (channel == ["-c", "1"]))
    }
    for (layer, shape) in [("volume", "[2, 4, 5, 2]"), ("beyond", "[2, 2, 2, 2, 2]")] {
      try Tool.expectFailure(
        identity + [layer], status: 1, parts: ["layer '\(layer)'", shape, "use --npy"])
    }
  }
}
