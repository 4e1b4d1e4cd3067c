import Foundation
import Testing

/// The data of `train` and `evaluate`, and what is wrong with it.
@Suite struct TrainingDataTests {
  private let folder: TrainingFolder

  init() throws { folder = try TrainingFolder() }

  /// Pictures of two classes, one of them broken.
  private func pictures() throws -> [String] {
    try folder.copy("rgb.jpg", to: "pictures/cats/1.jpg")
    try folder.copy("rgb.png", to: "pictures/cats/2.png")
    try folder.copy("gray.jpg", to: "pictures/dogs/1.jpg")
    let jpeg = try #require(folder.bytes("pictures/cats/1.jpg"))
    try folder.write(jpeg.prefix(200), to: "pictures/dogs/2.jpg")
    return [
      "train", "--data", folder.path("pictures"), "--model",
      try folder.smallArchitecture(classes: 2),
      "--scale", "1/255", "--batch-size", "2", "--epochs", "2", "-o", folder.path("model.h5"),
    ]
  }

  @Test func aBrokenPictureIsNamedAndLeftOut() throws {
    let arguments = try pictures()
    let result = try Tool.run(arguments)
    #expect(result.status == 0, "\(result.error)")
    let lines = result.error.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.contains("left out: \(folder.path("pictures"))/dogs/2.jpg: ") == true)
    #expect(lines.last == "cnntool: items that could not be read and were left out: 1")
    try Tool.expectFailure(arguments + ["--strict"], status: 1, parts: ["dogs/2.jpg"])
    let evaluate = [
      "evaluate", folder.path("model.h5"), "--data", folder.path("pictures"), "--scale", "1/255",
      "--json",
    ]
    let report = try Tool.run(evaluate)
    #expect(report.text.contains("\"skipped\" : 1") && report.text.contains("\"name\" : \"dogs\""))
    #expect(report.error.contains("dogs/2.jpg"))
  }

  @Test func picturesAreAugmented() throws {
    let arguments = try pictures()
    let options = [
      "--rotation-range", "40", "--width-shift-range", "0.2", "--height-shift-range", "0.2",
      "--shear-range", "0.2", "--zoom-range", "0.2", "--horizontal-flip", "--vertical-flip",
      "--brightness-range", "0.8,1.2", "--fill-mode", "reflect",
    ]
    func trained(_ more: [String]) throws -> Data? {
      #expect(try Tool.run(arguments + more).status == 0)
      return folder.bytes("model.h5")
    }
    let plain = try trained([])
    let changed = try trained(options)
    #expect(changed != plain)
    #expect(try trained(options) == changed)
  }

  @Test func aClassWithoutAPictureIsNamed() throws {
    let arguments = try pictures()
    try folder.write(Data("none".utf8), to: "pictures/birds/readme.txt")
    try Tool.expectFailure(
      arguments, status: 1, parts: ["pictures/birds", "no picture in it", "remove it"])
  }

  @Test func moreClassesThanOutputsAreRefused() throws {
    try Tool.expectFailure(
      [
        "train", "--data", folder.data, "--model", try folder.smallArchitecture(classes: 2), "-o",
        folder.path("model.h5"),
      ], status: 1, parts: ["train-labels", "has the label", "2 classes"])
  }

  @Test func aRowOfAnotherLengthIsNamed() throws {
    let row = (0..<784).map { "\($0 % 256)" }.joined(separator: ",")
    try folder.write(Data("1,\(row)\n2,\(row)\n3,4,5\n".utf8), to: "table.csv")
    try Tool.expectFailure(
      folder.train("model.h5", ["--data", folder.path("table.csv")]), status: 1,
      parts: ["table.csv", "line 3"])
  }

  @Test func theLastFractionValidates() throws {
    // 15 items to train with and 5 to validate: the same numbers whatever the order.
    let text = try Tool.succeed(folder.train("model.h5", ["--validation-split", "0.25"]))
    #expect(text.contains("val_loss"))
    let other = try Tool.succeed(
      folder.train("model.h5", ["--validation-data", folder.data, "--class-weight", "0=2,1=0.5"]))
    #expect(other.contains("val_loss"))
  }

  // MARK: Evaluation

  @Test func printsHowWellEachClassIsTold() throws {
    let labels = Tool.repository.appending(path: "Models/fashion-mnist-labels.txt").path()
    let arguments = ["evaluate", Tool.model, "--data", folder.data, "--scale", "1/255"]
    let text = try Tool.succeed(arguments + ["--labels", labels])
    #expect(text.hasPrefix("items     20\nloss      0."))
    for part in ["What is (rows)", "8 Bag", "precision", "recall"] { #expect(text.contains(part)) }
    let json = try Tool.succeed(arguments + ["--json"])
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(report["items"] as? Int == 20)
    let confusion = try #require(report["confusion"] as? [[Int]])
    #expect(confusion.joined().reduce(0, +) == 20)
    let hits = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
    #expect(report["accuracy"] as? Double == Double(hits) / 20)
    #expect((report["classes"] as? [[String: Any]])?.count == 10)
  }

  @Test func onlyTheItemsToTestWithAreOpened() throws {
    try folder.write(Data("no pictures".utf8), to: "data/train-images-idx3-ubyte")
    let arguments = ["evaluate", Tool.model, "--data", folder.data, "--scale", "1/255"]
    #expect(try Tool.succeed(arguments).hasPrefix("items     20\n"))
    try Tool.expectFailure(arguments + ["--training"], status: 1, parts: ["train-images"])
  }

  @Test(arguments: [
    ["--amsgrad", "--clip-norm", "0.5"],
    ["--optimizer", "rmsprop", "--centered", "--global-clip-norm", "0.5"],
  ])
  func theOptimizersOptionsAreKept(_ options: [String]) throws {
    _ = try Tool.succeed(folder.train("kept.h5", epochs: 1, options))
    try Tool.expectFailure(
      folder.train("kept.h5", epochs: 2, Array(options.dropLast(2)) + ["--resume"]), status: 1,
      parts: ["another optimizer"])
    _ = try Tool.succeed(folder.train("kept.h5", epochs: 2, options + ["--resume"]))
    _ = try Tool.succeed(folder.train("whole.h5", epochs: 2, options))
    #expect(folder.bytes("kept.h5") == folder.bytes("whole.h5"))
  }

  // MARK: Wrong usage

  @Test(arguments: [
    ["--epochs", "0"], ["--batch-size", "0"], ["--validation-split", "1"],
    ["--class-weight", "0:1"],
    ["--optimizer", "momentum"], ["--loss", "none"], ["--zoom-range", "2"],
    ["--fill-mode", "none"],
    ["--schedule", "linear"], ["--restore-best"], ["--monitor", "f1"], ["--learning-rate", "0"],
    ["--momentum", "0.9"], ["--download", "mnist"], ["--mean", "x"], ["--plateau-factor", "2"],
    ["--centered"], ["--optimizer", "sgd", "--amsgrad"], ["--clip-norm", "-1"],
    ["--clip-norm", "1", "--global-clip-norm", "1"],
  ])
  func wrongUsage(_ options: [String]) throws {
    try Tool.expectFailure(folder.train("model.h5", options), status: 2, parts: [])
    #expect(folder.bytes("model.h5") == nil)
  }
}
