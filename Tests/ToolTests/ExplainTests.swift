import CNN
import DataFiles
import Figures
import Foundation
import Testing

/// `cnntool explain` draws and writes what the library computes.
@Suite struct ExplainTests {
  private let folder: TemporaryFolder
  private let bag = [Tool.model, "--input", Tool.bag, "--scale", "1/255"]
  private let labels = [
    "--labels", Tool.repository.appending(path: "Models/fashion-mnist-labels.txt").path(),
  ]

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { folder.url.appending(path: name).path() }

  private struct Report: Decodable, Equatable {
    var input: String
    var method: String
    var layer: String?
    var `class`: Int
    var label: String?
    var score: Float
    var output: Float?
    var low: Float
    var high: Float
  }

  private func reports(_ text: String) throws -> [Report] {
    try JSONDecoder().decode([Report].self, from: Data(text.utf8))
  }

  private func array(_ name: String) throws -> Tensor {
    try NPY.tensor(from: FileBytes.read(path(name)), named: name)
  }

  /// The numbers of a command, and of the library, of the same input.
  private func expectTheLibrarysNumbers(
    _ arguments: [String], _ method: some ExplanationMethod, classIndex: Int? = nil
  ) throws {
    let network = try Network(contentsOf: Tool.model)
    let random = CounterRandom(key: 5)
    let picture = Tensor(
      shape: [1, 28, 28, 1], values: (0..<784).map { Float(random.unit(UInt64($0))) })
    try Data(NPY.bytes(of: picture)).write(to: URL(filePath: path("input.npy")))
    let text = try Tool.succeed(
      ["explain", arguments[0], Tool.model, "--input", path("input.npy")] + arguments.dropFirst()
        + ["-o", path("map.png"), "--npy", path("map.npy"), "--json"])
    let explanation = try network.explain(picture, by: method, classIndex: classIndex)
    let written = try array("map.npy")
    #expect(written.shape == [1] + explanation.values.shape)
    #expect(written.values == explanation.values.values)
    let report = try #require(try reports(text).first)
    #expect(report.class == explanation.classIndex && report.score == explanation.score)
    #expect(report.output == explanation.output && report.method == method.title)
    #expect(
      report.low == explanation.map.values.min() && report.high == explanation.map.values.max())
  }

  @Test func numbersAreTheLibrarys() throws {
    try expectTheLibrarysNumbers(["gradcam"], GradCAM())
    try expectTheLibrarysNumbers(
      ["gradcam", "--layer", "0", "--class", "3"], GradCAM(layer: "conv_layer_1"), classIndex: 3)
    try expectTheLibrarysNumbers(
      ["saliency"] + labels + ["--class", "Bag"], Saliency(), classIndex: 8)
    try expectTheLibrarysNumbers(
      ["smoothgrad", "--samples", "7", "--noise", "0.2", "--seed", "3"],
      SmoothGrad(samples: 7, noise: 0.2, seed: 3))
    try expectTheLibrarysNumbers(
      ["integrated-gradients", "--steps", "9", "--baseline", "0.5"],
      IntegratedGradients(steps: 9, baseline: [0.5]))
    try expectTheLibrarysNumbers(
      ["occlusion", "--window", "9", "--stride", "5", "--baseline", "1"],
      Occlusion(window: 9, stride: 5, baseline: [1]))
  }

  @Test(arguments: ["gradcam", "saliency", "smoothgrad", "integrated-gradients", "occlusion"])
  func drawsEveryKindOfFile(_ method: String) throws {
    for ending in ["png", "svg", "pdf"] {
      let file = path("map.\(ending)")
      #expect(try Tool.succeed(["explain", method] + bag + labels + ["-o", file]) == "")
      #expect(try FileBytes.read(file).count > 3000)
    }
    let png = try Picture(png: FileBytes.read(path("map.png")), named: "map.png")
    // The picture, the map and the overlay beside each other.
    #expect(png.width > 3 * 2 * 220 && png.height > 2 * 240)
  }

  /// Several pictures have a line each, and the same scale unless each is to have its own.
  @Test func severalPicturesAreSeveralLines() throws {
    let samples = Tool.repository.appending(path: "Models/samples").path()
    let inputs = ["bag", "coat", "sandal"].flatMap { ["--input", "\(samples)/\($0).png"] }
    let command = ["explain", "gradcam", Tool.model] + inputs + ["--scale", "1/255"] + labels
    let text = try Tool.succeed(
      command + ["-o", path("three.png"), "--npy", path("three.npy"), "--json"])
    let found = try reports(text)
    #expect(found.map(\.input) == ["bag", "coat", "sandal"])
    #expect(found.map(\.label) == ["Bag", "Coat", "Sandal"])
    #expect(found.allSatisfy { $0.layer == "pool_layer_4" })
    #expect(try array("three.npy").shape == [3, 5, 5])
    _ = try Tool.succeed(command + ["--range", "per-map", "-o", path("own.png")])
    _ = try Tool.succeed(["explain", "gradcam"] + bag + ["-o", path("one.png")])
    let three = try Picture(png: FileBytes.read(path("three.png")), named: "three.png")
    let own = try Picture(png: FileBytes.read(path("own.png")), named: "own.png")
    #expect(three.height == own.height && three.bytes != own.bytes)
  }

  @Test func modelsOfKerassVersionsAndOutputsAreExplained() throws {
    let fixture = "\(Tool.fixtures)/explain/mobile"
    let text = try Tool.succeed([
      "explain", "integrated-gradients", fixture + ".h5", "--input", fixture + ".npz", "--npy",
      path("map.npy"), "-o", path("map.svg"), "--json",
    ])
    let found = try reports(text)
    #expect(found.count == 2 && found.allSatisfy { $0.class == 0 })
    // With its channels, as they add up to the score.
    #expect(try array("map.npy").shape == [2, 12, 12, 3])
  }

  @Test func maximisesAChannel() throws {
    struct Excitement: Decodable {
      var layer: String
      var channel: Int
      var before: Float
      var after: Float
    }
    let command = [
      "explain", "maximise", Tool.model, "--layer", "conv_layer_3", "--channel", "7", "--channel",
      "12", "--limits", "0:1", "--seed", "4", "-o", path("channels.png"), "--npy",
    ]
    let text = try Tool.succeed(command + [path("first.npy"), "--json"])
    let found = try JSONDecoder().decode([Excitement].self, from: Data(text.utf8))
    #expect(found.map(\.channel) == [7, 12] && found[0].layer == "conv_layer_3")
    #expect(found.allSatisfy { $0.after > $0.before })
    _ = try Tool.succeed(command + [path("second.npy")])
    let first = try array("first.npy")
    #expect(first.shape == [2, 28, 28, 1])
    #expect(try array("second.npy") == first)
    let network = try Network(contentsOf: Tool.model)
    let picture = try ActivationMaximisation(
      layer: "conv_layer_3", channel: 7, seed: 4, limits: 0...1
    ).run(network).picture
    #expect(Array(first.values.prefix(784)) == picture.values)
  }

  @Test func saysWhatCannotBeExplained() throws {
    let to = ["-o", path("x.png")]
    try Tool.expectFailure(
      ["explain", "gradcam"] + bag + ["--class", "10"] + to, status: 1,
      parts: ["no class 10", "dense_layer_7", "0 to 9"])
    try Tool.expectFailure(
      ["explain", "gradcam"] + bag + ["--class", "Bag"] + to, status: 1,
      parts: ["--class is 'Bag'", "--labels"])
    try Tool.expectFailure(
      ["explain", "gradcam"] + bag + labels + ["--class", "Hat"] + to, status: 1,
      parts: ["no class 'Hat'", "T-shirt"])
    try Tool.expectFailure(
      ["explain", "gradcam"] + bag + ["--layer", "dense_layer_6"] + to, status: 1,
      parts: ["layer 'dense_layer_6'", "[128]", "no maps"])
    try Tool.expectFailure(
      ["explain", "saliency"] + bag + ["--model-output", "other"] + to, status: 1,
      parts: ["no output 'other'", "dense_layer_7"])
    try Tool.expectFailure(
      ["explain", "occlusion"] + bag + ["--window", "29"] + to, status: 1,
      parts: ["window is 29", "1 to 28"])
    try Tool.expectFailure(
      ["explain", "occlusion"] + bag + ["--baseline", "0,1"] + to, status: 1,
      parts: ["2 values", "1 channels"])
    try Tool.expectFailure(
      ["explain", "smoothgrad"] + bag + ["--samples", "0"] + to, status: 2,
      parts: ["--samples is 0"])
    try Tool.expectFailure(
      ["explain", "saliency"] + bag + ["-o", path("x.jpg")], status: 2,
      parts: ["x.jpg", ".png, .svg or .pdf"])
    try Tool.expectFailure(
      ["explain", "integrated-gradients"] + bag + ["--range", "0:2"] + to, status: 2,
      parts: ["centred on zero", "--range=-2:2"])
    try Tool.expectFailure(
      ["explain", "saliency", Tool.model] + to, status: 2, parts: ["--input, --data or --download"])
    try Tool.expectFailure(
      ["explain", "maximise", Tool.model, "--layer", "0", "--channel", "64"] + to, status: 1,
      parts: ["layer 'conv_layer_1'", "channels 0 to 63"])
    #expect(try folder.contents.isEmpty)
  }

  @Test func everyMethodHasHelpWithAnExample() throws {
    for method in [
      "gradcam", "saliency", "smoothgrad", "integrated-gradients", "occlusion", "maximise",
    ] {
      let text = try Tool.succeed(["help", "explain", method])
      #expect(text.contains("Example: cnntool explain \(method) "))
    }
  }
}
