import DataFiles
import Figures
import Foundation
import Network
import Testing

/// Figures show the numbers that the other commands write.
@Suite struct PlotTests {
  private let folder: TemporaryFolder
  private let bag = ["--input", Tool.bag, "--scale", "1/255"]
  private let identity = "\(Tool.fixtures)/figures/identity.keras"
  private let identityInput = ["--input", "\(Tool.fixtures)/figures/identity.npz"]

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { folder.url.appending(path: name).path() }

  private struct Report: Decodable {
    var file: String
    var layer: String
    var cell: Int
    var maps: [Map]

    struct Map: Decodable {
      var title: String
      var x: Int
      var y: Int
      var rows: Int
      var columns: Int
      var low: Double
      var high: Double
    }
  }

  private func picture(_ path: String) throws -> Picture {
    try Picture(png: FileBytes.read(path), named: path)
  }

  private func color(_ picture: Picture, _ x: Int, _ y: Int) -> RGB {
    let start = (y * picture.width + x) * picture.channels
    let bytes = picture.bytes
    return picture.channels == 1
      ? RGB(gray: bytes[start]) : RGB(bytes[start], bytes[start + 1], bytes[start + 2])
  }

  /// Every cell of a figure has the colour of the number that `dump-layer` writes.
  @Test(arguments: [
    (["--layer", "conv_layer_1"], ColorMap.viridis),
    (["--layer", "conv_layer_3", "--range", "per-map", "--colormap", "magma"], .magma),
    (["--layer", "0", "--range=-0.5:0.5", "--colormap", "coolwarm", "--stack"], .coolwarm),
    (["--layer", "pool_layer_4", "--grid", "6x5", "--colormap", "gray", "--cell", "7"], .gray),
  ])
  func mapsHaveTheColorsOfTheirNumbers(_ options: [String], _ colorMap: ColorMap) throws {
    let file = path("maps.png")
    let text = try Tool.succeed(
      ["plot", "maps", Tool.model] + bag + options + ["-o", file, "--json"])
    let report = try #require(
      try JSONDecoder().decode([Report].self, from: Data(text.utf8)).first)
    let dump = try Tool.run(
      ["dump-layer", Tool.model] + bag + ["--layer", report.layer, "--npy"])
    let layer = try NPY.tensor(from: Array(dump.output), named: "layer")
    let channels = layer.shape[3]
    let drawn = try picture(file)
    try #require(!report.maps.isEmpty)
    for map in report.maps {
      let channel = try #require(Int(map.title))
      let scale = ColorScale(colorMap, low: map.low, high: map.high)
      #expect([map.rows, map.columns] == Array(layer.shape[1..<3]))
      for cell in 0..<map.rows * map.columns {
        let expected = scale.color(layer.values[cell * channels + channel])
        let x = map.x + cell % map.columns * report.cell
        let y = map.y + cell / map.columns * report.cell
        // Two corners of the block.
        #expect(color(drawn, x, y) == expected, "channel \(channel), cell \(cell)")
        #expect(color(drawn, x + report.cell - 1, y + report.cell - 1) == expected)
      }
    }
    if options.contains("6x5") { #expect(report.maps.count == 30 && report.cell == 7) }
    if !options.contains("per-map"), !options.contains("--range=-0.5:0.5"), channels == 64,
      report.maps.count == 64
    {
      #expect(report.maps[0].low == Double(layer.values.min() ?? 0))
      #expect(report.maps[0].high == Double(layer.values.max() ?? 0))
    }
  }

  @Test func drawsEveryLayerIntoAFolder() throws {
    let printed = try Tool.succeed(
      ["plot", "maps", Tool.model] + bag + [
        "--layer", "all", "--format", "svg", "-o", path("layers"),
      ])
    #expect(printed.split(separator: "\n").count == 7)
    let names = try FileManager.default.contentsOfDirectory(atPath: path("layers"))
    #expect(names.count == 7 && names.contains("conv_layer_1.svg"))
    #expect(names.contains("dense_layer_7.svg"))
  }

  @Test func ofEveryLayerLeavesOutWhatCannotBeDrawnAndSaysSo() throws {
    let result = try Tool.run(
      ["plot", "maps", identity] + identityInput + ["-l", "all", "-o", path("layers")])
    #expect(result.status == 0 && result.error.contains("left out: layer 'beyond'"))
    let names = try FileManager.default.contentsOfDirectory(atPath: path("layers")).sorted()
    #expect(names.contains("wide.png") && !names.contains("beyond.png"))
  }

  @Test func stripsAreOneFigureOrOneALayer() throws {
    let strip = ["plot", "maps", Tool.model] + bag + ["--layer", "all", "--strip", "-o"]
    #expect(try Tool.succeed(strip + [path("strips.png")]) == "")
    #expect(try picture(path("strips.png")).width > 1600)
    _ = try Tool.succeed(strip + [path("strips")])
    #expect(try FileManager.default.contentsOfDirectory(atPath: path("strips")).count == 4)
  }

  /// Layers of one to four axes, of one cell, and with numbers that are none.
  @Test(arguments: ["vector", "sequence", "maps", "volume", "wide"])
  func drawsLayersOfAnyRank(_ layer: String) throws {
    for ending in ["png", "svg", "pdf"] {
      let file = path("\(layer).\(ending)")
      _ = try Tool.succeed(["plot", "maps", identity] + identityInput + ["-l", layer, "-o", file])
      #expect(try FileBytes.read(file).count > 1000)
    }
    let drawn = try picture(path("\(layer).png"))
    let magenta = (0..<drawn.width * drawn.height).contains {
      color(drawn, $0 % drawn.width, $0 / drawn.width) == ColorMap.notANumber.color
    }
    #expect(magenta == (layer == "maps"))
  }

  /// Of such layers strips, means and one channel, too; those of five axes are left out where nobody named them.
  @Test(arguments: ["png", "svg", "pdf"])
  func drawsStripsMeansAndChannelsOfAnyRank(_ ending: String) throws {
    let input = identityInput + ["-o"]
    for (name, arguments) in [
      ("strips", ["maps", identity, "-l", "all", "--strip"]), ("mean", ["mean", identity]),
      ("compare", ["compare", identity, "-c", "0"]),
      ("sequence", ["maps", identity, "-l", "sequence", "--strip"]),
      ("per-map", ["maps", identity, "-l", "wide", "--range", "per-map"]),
    ] {
      let file = path("\(name).\(ending)")
      #expect(try Tool.succeed(["plot"] + arguments + input + [file]) == "")
      #expect(try FileBytes.read(file).count > 1000)
      guard ending == "png" else { continue }
      let drawn = try picture(file)
      #expect(drawn.width > 150 && drawn.height > 100)
    }
    for layer in ["vector", "beyond"] {
      try Tool.expectFailure(
        ["plot", "maps", identity, "-l", layer, "--strip"] + input + [path("x.\(ending)")],
        status: 1, parts: ["layer '\(layer)'", "expected 2 to 4 axes"])
    }
    try Tool.expectFailure(
      ["plot", "compare", identity, "-l", "sequence", "-c", "1"] + input + [path("x.\(ending)")],
      status: 1, parts: ["layer 'sequence'", "channels 0 to 0"])
  }

  @Test func saysWhatCannotBeDrawn() throws {
    let maps = ["plot", "maps", identity] + identityInput
    try Tool.expectFailure(
      maps + ["-l", "beyond", "-o", path("x.png")], status: 1,
      parts: ["layer 'beyond'", "[2, 2, 2, 2, 2]", "2 to 4 axes"])
    try Tool.expectFailure(
      maps + ["-l", "maps", "-c", "3", "-o", path("x.png")], status: 1,
      parts: ["layer 'maps'", "channels 0 to 2"])
    try Tool.expectFailure(
      maps + ["-l", "all", "-o", path("x.png")], status: 2, parts: ["several figures", "folder"])
    try Tool.expectFailure(
      maps + ["-l", "maps", "-o", path("x.png"), "--colormap", "coolwarm", "--range", "0:2"],
      status: 2, parts: ["centred on zero", "--range=-2:2"])
    try Tool.expectFailure(
      ["plot", "vector", identity] + identityInput + ["-l", "vector", "-o", path("x.jpg")],
      status: 2, parts: ["x.jpg", ".png, .svg or .pdf"])
    try Tool.expectFailure(
      ["plot", "vector", identity] + identityInput + ["-l", "maps", "-o", path("x.png")],
      status: 1, parts: ["layer 'maps'", "no vector", "plot maps"])
    try Tool.expectFailure(
      ["plot", "filters", identity, "-o", path("x.png")], status: 1, parts: ["no layer", "kernels"])
    try Tool.expectFailure(
      ["plot", "history", Tool.bag, "-o", path("x.png")], status: 1,
      parts: ["bag.png", "'epoch'", "--history"])
    try Tool.expectFailure(
      ["plot", "mean", Tool.model, "-o", path("x.png")], status: 2,
      parts: ["--input, --data or --download"])
    #expect(try folder.contents.isEmpty)
  }

  @Test func comparesPicturesOfFilesAndOfClasses() throws {
    let data = try TrainingFolder()
    let samples = Tool.repository.appending(path: "Models/samples").path()
    let scale = ["--scale", "1/255", "-o"]
    _ = try Tool.succeed(
      [
        "plot", "compare", Tool.model, "--data", data.data, "--classes", "0,9", "--pictures", "1",
        "--channel", "10",
      ] + scale + [path("compare.png")])
    _ = try Tool.succeed(
      [
        "plot", "compare", Tool.model, "--input", "\(samples)/t-shirt.png", "--input",
        "\(samples)/ankle-boot.png", "-c", "10",
      ] + scale + [path("files.png")])
    _ = try Tool.succeed(
      ["plot", "mean", Tool.model, "--data", data.data, "--classes", "9,0,1", "--first", "2"]
        + scale + [path("mean.png")])
    let tall = try picture(path("compare.png"))
    let other = try picture(path("mean.png"))
    // Five columns of two rows, three columns of three.
    #expect(tall.width > other.width && tall.height < other.height)
    #expect(try picture(path("files.png")).height == tall.height)
    try Tool.expectFailure(
      [
        "plot", "compare", Tool.model, "--data", data.data, "--classes", "77", "--channel", "1",
      ] + scale + [path("x.png")], status: 1, parts: ["no item of class 77"])
    try Tool.expectFailure(
      ["plot", "compare", Tool.model, "--input", Tool.bag, "--channel", "64"] + scale
        + [path("x.png")], status: 1, parts: ["no layer", "channel 64"])
  }

  /// Pictures of folders are known by their folders; none is read but those that are drawn.
  @Test func readsOnlyThePicturesThatAreDrawn() throws {
    let data = try TrainingFolder()
    for name in ["cats/1.png", "cats/2.png", "dogs/1.png"] {
      try data.copy("rgb.png", to: "pictures/\(name)")
    }
    try data.write(Data("no picture".utf8), to: "pictures/cats/3.png")
    try data.write(Data("no picture".utf8), to: "pictures/dogs/2.png")
    let model = "\(Tool.fixtures)/models/cats-and-dogs.keras3.h5"
    func compare(_ pictures: String) -> [String] {
      [
        "plot", "compare", model, "--data", data.path("pictures"), "--pictures", pictures,
        "--classes", "0", "-c", "0", "--scale", "1/255", "-o", path("compare.png"),
      ]
    }
    #expect(try Tool.succeed(compare("2")) == "")
    try Tool.expectFailure(compare("3"), status: 1, parts: ["cats/3.png"])
  }

  @Test func drawsFiltersVectorsInputsCurvesAndModels() throws {
    let labels = Tool.repository.appending(path: "Models/fashion-mnist-labels.txt").path()
    let results = Tool.repository.appending(path: "docs/results").path()
    let colored = "\(Tool.fixtures)/models/cats-and-dogs.keras3.h5"
    let branches = "\(Tool.fixtures)/layers/nested.keras2.h5"
    for (name, arguments) in [
      ("filters.png", ["filters", Tool.model, "-l", "conv_layer_3", "--grid", "8x4"]),
      ("color.png", ["filters", colored, "--color"]),
      ("vector.png", ["vector", Tool.model] + bag + ["--labels", labels]),
      ("input.png", ["input", Tool.model] + bag + ["--colormap", "gray"]),
      ("history.png", ["history", "\(results)/mnist-5x5-1.csv", "\(results)/mnist-5x5-2.csv"]),
      ("model.png", ["model", Tool.model]), ("nested.png", ["model", branches]),
    ] {
      #expect(try Tool.succeed(["plot"] + arguments + ["-o", path(name)]) == "")
      let drawn = try picture(path(name))
      #expect(drawn.width > 200 && drawn.height > 200, "\(name)")
    }
    let single = try Tool.run(["plot", "model", Tool.model, "-o", "-"])
    #expect(single.status == 0)
    #expect(try Data(contentsOf: URL(filePath: path("model.png"))) == single.output)
  }

  /// Where no font is installed, cairo's own letters stand in for one.
  @Test func drawsWithoutFonts() throws {
    try Data("<fontconfig></fontconfig>".utf8).write(to: URL(filePath: path("fonts.conf")))
    let result = try Tool.run(
      ["plot", "model", Tool.model, "-o", path("model.png")],
      environment: ["FONTCONFIG_FILE": path("fonts.conf")])
    #expect(result.status == 0, "\(result.error)")
    #expect(try picture(path("model.png")).height > 200)
  }

  @Test func everyPlotHasHelpWithAnExample() throws {
    for command in [
      "maps", "mean", "compare", "filters", "vector", "input", "history", "model",
    ] {
      let text = try Tool.succeed(["help", "plot", command])
      #expect(text.contains("Example: cnntool plot \(command) "))
    }
  }
}
