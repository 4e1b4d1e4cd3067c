import CNN
import DataFiles
import Foundation
import Testing

/// The page that shows everything a model computes.
@Suite struct ReportTests {
  /// What the page's script reads.
  fileprivate struct Report: Decodable {
    var items: [String]
    var layers: [Layer]
    var notes: [String]
    var labels: [String]?

    struct Layer: Decodable {
      var path: String
      var shape: [Int]
      var values: [String]?
      var field: Field?
    }

    struct Field: Decodable {
      var height: Extent
      var width: Extent
    }

    /// A window that moves, or one for each value.
    struct Extent: Decodable {
      var size: Int?
      var step: Int?
      var start: Int?
      var sizes: [Int]?
      var starts: [Int]?
    }
  }

  private let bag = [Tool.model, "--input", Tool.bag, "--scale", "1/255"]
  private let branches = [
    "\(Tool.fixtures)/figures/report.keras", "--input", "\(Tool.fixtures)/figures/report.npz",
  ]
  private let labels = [
    "--labels", Tool.repository.appending(path: "Models/fashion-mnist-labels.txt").path(),
  ]

  private func page(_ arguments: [String]) throws -> String {
    try Tool.succeed(["report"] + arguments + ["-o", "-"])
  }

  /// The data of a page, found as a browser finds it: a script ends at the first `</script`.
  private func report(_ page: String) throws -> Report {
    let start = try #require(page.firstRange(of: "id=\"data\">"))
    let rest = page[start.upperBound...]
    let end = try #require(rest.firstRange(of: "</script"))
    return try JSONDecoder().decode(Report.self, from: Data(rest[..<end.lowerBound].utf8))
  }

  @Test(arguments: [false, true]) func numbersAreThoseOfTheArrays(isBranched: Bool) throws {
    let input = isBranched ? branches : bag
    let report = try report(try page(input))
    let file = try Tool.run(["dump-layer"] + input + ["--layer", "all", "--npz", "-o", "-"])
    let arrays = try NPZ.tensors(from: Array(file.output), named: "layers.npz")
    #expect(arrays.count >= 7)
    for array in arrays {
      let layer = try #require(report.layers.first { $0.path == array.name })
      let values = try #require(layer.values)
      #expect(layer.shape == Array(array.tensor.shape.dropFirst()))
      let bytes = try values.reduce(Data()) { try $0 + #require(Data(base64Encoded: $1)) }
      #expect(bytes == array.tensor.values.withUnsafeBytes { Data($0) }, "\(array.name)")
    }
  }

  /// By hand: sizes, steps and starts along height and width.
  @Test func receptiveFieldsGoThroughWindowsAndBranches() throws {
    func check(_ report: Report, _ expected: [(String, [Int]?)]) throws {
      for (path, numbers) in expected {
        let layer = try #require(report.layers.first { $0.path == path })
        let found = layer.field.map { field in
          [field.height, field.width].flatMap { [$0.size, $0.step, $0.start].compactMap { $0 } }
        }
        #expect(found == numbers, "\(path)")
      }
    }
    try check(
      try report(try page(bag)),
      [
        ("conv_layer_1", [3, 1, 0, 3, 1, 0]), ("pool_layer_2", [4, 2, 0, 4, 2, 0]),
        ("conv_layer_3", [8, 2, 0, 8, 2, 0]), ("pool_layer_4", [10, 4, 0, 10, 4, 0]),
        ("flatten_layer_5", nil), ("dense_layer_7", nil),
      ])
    try check(
      try report(try page(branches)),
      [
        ("picture", [1, 1, 0, 1, 1, 0]), ("padded", [1, 1, -1, 1, 1, -2]),
        ("strided", [3, 2, -1, 3, 2, -2]), ("dilated", [11, 2, -5, 11, 2, -6]),
        ("single", [3, 2, -1, 3, 2, -2]), ("added", [11, 2, -5, 11, 2, -6]),
        ("depthwise", [15, 2, -5, 15, 2, -6]), ("pooled", [17, 4, -5, 17, 4, -6]),
        ("flat", nil),
      ])
    // Of a sequence the steps, then all five channels.
    try check(
      try report(ofLayers: "one-dimensional.keras3"),
      [
        ("conv_valid_k3_s1_d2", [5, 1, 0, 5, 0, 0]), ("conv_same_k4_s3_d1", [4, 3, -1, 5, 0, 0]),
        ("conv_causal_k3_s2_d1", [3, 2, -2, 5, 0, 0]), ("max_p3_same_s2", [3, 2, -1, 5, 0, 0]),
        ("padding_1_3", [1, 1, -1, 1, 1, 0]), ("cropping", [1, 1, 2, 1, 1, 0]),
        ("global_max", nil), ("permute", nil),
      ])
  }

  private func report(ofLayers name: String) throws -> Report {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "input.npz")
    try Data(NPZ.bytes(of: LayerFixture.inputs(of: name), named: "input.npz")).write(to: file)
    return try report(
      try page(["\(Tool.fixtures)/layers/\(name).h5", "--input", file.path(), "--index", "0"]))
  }

  /// A change of one input changes those values, and those only, that are said to depend on it.
  ///
  /// Convolutions and what makes pictures larger, one behind the other, with weights of which none is zero.
  @Test func valuesDependOnWhatTheReportSays() throws {
    let size = (rows: 6, columns: 5)
    var network = try Sequential(input: [6, 5, 2], name: "decoder") {
      Conv2D(3, kernel: 3, strides: 2, padding: .same, name: "down")
      UpSampling2D(2, name: "nearest")
      Conv2D(2, kernel: Size2D(2, 3), padding: .same, name: "between")
      Conv2DTranspose(2, kernel: 3, strides: Size2D(2, 1), padding: .same, name: "transposed")
      ZeroPadding2D(1, name: "padded")
      Conv2DTranspose(2, kernel: 1, strides: 2, name: "sparse")
      UpSampling2D(Size2D(1, 3), interpolation: "bilinear", name: "bilinear")
    }
    try network.initializeWeights(seed: 3)
    let folder = try TemporaryFolder()
    let model = folder.url.appending(path: "decoder.h5").path()
    try network.save(to: model)
    func run(_ input: Tensor) throws -> [String: Tensor] {
      try network.activations(of: network.layerPaths, input)
    }
    let zeros = Tensor(shape: [1, 6, 5, 2], repeating: 0)
    let file = folder.url.appending(path: "zeros.npy")
    try Data(NPY.bytes(of: zeros)).write(to: file)
    let report = try report(try page([model, "--input", file.path()]))
    let before = try run(zeros)
    // For each layer the pixels of the input that each place changes with.
    var seen: [String: [Int: Set<Int>]] = [:]
    for pixel in 0..<size.rows * size.columns {
      var input = zeros
      input.values[2 * pixel] = 1
      input.values[2 * pixel + 1] = 3
      for (layer, tensor) in try run(input) {
        let channels = tensor.shape[3]
        for index in tensor.values.indices
        where tensor.values[index] != before[layer]?.values[index] {
          seen[layer, default: [:]][index / channels, default: []].insert(pixel)
        }
      }
    }
    for name in network.layerPaths {
      let layer = try #require(report.layers.first { $0.path == name })
      let field = try #require(layer.field, "\(name)")
      for row in 0..<layer.shape[0] {
        for column in 0..<layer.shape[1] {
          let rows = field.height.span(row).clamped(to: 0..<size.rows)
          let columns = field.width.span(column).clamped(to: 0..<size.columns)
          let expected = Set(rows.flatMap { row in columns.map { row * size.columns + $0 } })
          let found = seen[name]?[row * layer.shape[1] + column] ?? []
          #expect(found == expected, "\(name), row \(row), column \(column)")
        }
      }
    }
  }

  /// Layers of one to five axes, of one cell and of 512 channels, with numbers that are none.
  @Test func hasLayersOfAnyRank() throws {
    let report = try report(
      try page([
        "\(Tool.fixtures)/figures/identity.keras", "--input",
        "\(Tool.fixtures)/figures/identity.npz",
      ]))
    let shapes = [
      "vector": [7], "sequence": [6, 5], "maps": [6, 5, 3], "volume": [2, 4, 5, 2],
      "wide": [1, 1, 512], "beyond": [2, 2, 2, 2, 2],
    ]
    for (path, shape) in shapes {
      let layer = try #require(report.layers.first { $0.path == path })
      #expect(layer.shape == shape && layer.values?.count == 1)
    }
  }

  @Test func namesOfStrangersDoNoHarm() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "labels.txt")
    try "a<!--<script>\nb</script>\nc\u{2028}\n".write(to: file, atomically: true, encoding: .utf8)
    let page = try page(branches + ["--labels", file.path()])
    let report = try report(page)
    #expect(report.layers.contains { $0.path == "</script><script>throw 1</script>&\"<b>" })
    #expect(report.labels == ["a<!--<script>", "b</script>", "c\u{2028}"])
    // The page's own two scripts, and nothing from outside.
    #expect(page.components(separatedBy: "<script").count == 3)
    #expect(page.components(separatedBy: "</script").count == 3)
    #expect(!page.contains("src=") && !page.contains("href=") && !page.contains("@import"))
  }

  @Test func isSmallAndHasAllItems() throws {
    let shirt = Tool.repository.appending(path: "Models/samples/shirt.png").path()
    let page = try page(bag + ["--input", shirt] + labels)
    #expect(page.utf8.count < 5_000_000)
    let report = try report(page)
    #expect(report.items == ["bag.png", "shirt.png"] && report.notes.isEmpty)
    #expect(report.layers.allSatisfy { $0.values?.count == 2 })
    #expect(report.layers[1].values?[0] != report.layers[1].values?[1])
  }

  @Test func whatIsBeyondTheLimitIsNamed() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "report.html").path()
    let result = try Tool.run(["report"] + bag + ["--limit", "0.15", "-o", file])
    #expect(result.status == 0 && result.error.contains("do not fit into 0.15 MB (--limit)"))
    let report = try report(try String(contentsOfFile: file, encoding: .utf8))
    let missing = report.layers.filter { $0.values == nil }.map(\.path)
    #expect(missing == ["conv_layer_1"] && report.notes.count == 2)
    #expect(report.layers.first { $0.path == "conv_layer_1" }?.shape == [26, 26, 64])
    let size = report.layers.flatMap { $0.values ?? [] }.reduce(0) { $0 + $1.utf8.count }
    #expect(size <= 150_000)
  }

  @Test func refusesWhatDoesNotFitTogether() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "labels.txt")
    try "a\nb\n".write(to: file, atomically: true, encoding: .utf8)
    try Tool.expectFailure(
      ["report"] + bag + ["--labels", file.path(), "-o", "-"], status: 1, parts: ["has 2 labels"])
    try Tool.expectFailure(
      ["report"] + bag + ["--limit", "-1", "-o", "-"], status: 2, parts: ["--limit"])
    try Tool.expectFailure(
      ["report"] + bag + ["-o", Tool.model], status: 2, parts: ["this is the model itself"])
  }
}

extension ReportTests.Report.Extent {
  fileprivate func span(_ index: Int) -> Range<Int> {
    if let starts, let sizes { return starts[index]..<starts[index] + sizes[index] }
    guard let size, let step, let start else { return 0..<0 }
    return start + index * step..<start + index * step + size
  }
}
