import Foundation
import Testing

@Suite struct TrainTests {
  private let folder: TrainingFolder

  init() throws { folder = try TrainingFolder() }

  @Test func printsALineForEachEpoch() throws {
    let text = try Tool.succeed(
      folder.train("model.h5", epochs: 3, ["--history", folder.path("history.csv")]))
    let lines = text.split(separator: "\n")
    #expect(lines.count == 3)
    for (index, line) in lines.enumerated() {
      #expect(line.hasPrefix("epoch \(index + 1)/3: loss "))
      for part in ["accuracy ", "val_loss ", "val_accuracy ", " images/s"] {
        #expect(line.contains(part))
      }
    }
    let history = String(decoding: try #require(folder.bytes("history.csv")), as: UTF8.self)
    #expect(history.hasPrefix("epoch,loss,accuracy,val_loss,val_accuracy\n0,"))
    #expect(history.split(separator: "\n").count == 4)
    #expect(try Tool.succeed(["summary", folder.path("model.h5")]).contains("conv2d (Conv2D)"))
    #expect(try folder.folder.contents == ["data", "history.csv", "model.h5"])
  }

  @Test func printsJSONLines() throws {
    let text = try Tool.succeed(
      folder.train(
        "model.keras", epochs: 2,
        ["--json", "--schedule", "step", "--decay-rate", "0.5", "--learning-rate", "0.01"]))
    let lines = try text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(lines.map { $0["epoch"] as? Int } == [1, 2])
    let rates = lines.map { ($0["values"] as? [String: Double])?["learning_rate"] }
    #expect(rates == [0.01, 0.005])
  }

  @Test func theSeedDecides() throws {
    _ = try Tool.succeed(folder.train("a.h5", ["--threads", "1"]))
    _ = try Tool.succeed(folder.train("b.h5", ["--threads", "3"]))
    #expect(folder.bytes("a.h5") == folder.bytes("b.h5"))
  }

  // MARK: Where training begins

  @Test func beginsWithAnArchitectureOfKeras() throws {
    _ = try Tool.succeed(
      folder.train(
        "model.h5", ["--model", "\(Tool.fixtures)/training/mnist-two-convolutions.json"]))
    #expect(try Tool.succeed(["summary", folder.path("model.h5")]).contains("dense_1 (Dense)"))
  }

  @Test func frozenLayersKeepTheirWeights() throws {
    let layers = ["--freeze", "conv_layer_1", "--freeze", "conv_layer_3"]
    _ = try Tool.succeed(folder.train("tuned.h5", ["--model", Tool.model] + layers))
    _ = try Tool.succeed(folder.train("fresh.h5", ["--model", Tool.model, "--fresh"] + layers))
    func weight(_ model: String, _ name: String) throws -> Data? {
      _ = try Tool.succeed(["dump-weights", model, "--layer", name, "-o", folder.path("w.npy")])
      return folder.bytes("w.npy")
    }
    let (tuned, fresh) = (folder.path("tuned.h5"), folder.path("fresh.h5"))
    let frozen = "conv_layer_3/kernel"
    #expect(try weight(tuned, frozen) == weight(Tool.model, frozen))
    #expect(try weight(fresh, frozen) != weight(Tool.model, frozen))
    let trained = "dense_layer_7/bias"
    #expect(try weight(tuned, trained) != weight(Tool.model, trained))
  }

  // MARK: Interruption

  /// Starts the tool, and ends it with a signal when it has printed something.
  private func interrupt(_ arguments: [String], terminates: Bool) throws -> Tool.Result {
    let process = Process()
    process.executableURL = URL(filePath: Tool.path)
    process.arguments = arguments
    process.standardOutput = try folder.folder.file("output.txt")
    process.standardError = try folder.folder.file("error.txt")
    process.standardInput = FileHandle.nullDevice
    try process.run()
    for _ in 0..<6000 where folder.bytes("output.txt")?.isEmpty != false { usleep(10000) }
    if terminates { process.terminate() } else { process.interrupt() }
    process.waitUntilExit()
    return Tool.Result(
      status: process.terminationStatus, output: folder.bytes("output.txt") ?? Data(),
      error: String(decoding: folder.bytes("error.txt") ?? Data(), as: UTF8.self))
  }

  @Test(arguments: [false, true])
  func anInterruptedTrainingIsResumed(_ terminates: Bool) throws {
    let more = ["--horizontal-flip", "--early-stopping", "1000", "--restore-best"]
    let result = try interrupt(
      folder.train("model.h5", epochs: 100_000, more), terminates: terminates)
    #expect(result.status == 1)
    #expect(result.error.contains("give the same command with --resume"))
    let words = result.error.split(separator: " ")
    let place = try #require(words.firstIndex(of: "epoch"))
    let epoch = try #require(Int(words[place + 1]))
    _ = try Tool.succeed(folder.train("model.h5", epochs: epoch + 1, more + ["--resume"]))
    _ = try Tool.succeed(folder.train("whole.h5", epochs: epoch + 1, more))
    #expect(folder.bytes("model.h5") == folder.bytes("whole.h5"))
  }

  @Test func onlyWhatWasInterruptedIsResumed() throws {
    try Tool.expectFailure(
      folder.train("none.h5", ["--resume"]), status: 1, parts: ["none.h5", "check the path"])
    let fixture = "\(Tool.fixtures)/training/trained-sgd.keras3.h5"
    try FileManager.default.copyItem(atPath: fixture, toPath: folder.path("keras.h5"))
    try Tool.expectFailure(
      folder.train("keras.h5", ["--resume"]), status: 1,
      parts: ["keras.h5", "nothing to --resume", "--model"])
    _ = try Tool.succeed(folder.train("model.h5"))
    try Tool.expectFailure(
      folder.train("model.h5", ["--resume", "--seed", "2"]), status: 1,
      parts: ["begun with the seed 1, not 2"])
    try Tool.expectFailure(
      folder.train("model.h5", ["--resume", "--horizontal-flip"]), status: 1,
      parts: ["begun with the horizontal flip none, not true"])
  }

  // MARK: What is written

  @Test func theBestModelIsKept() throws {
    _ = try Tool.succeed(
      folder.train(
        "model.h5", epochs: 2,
        ["--checkpoint", folder.path("best.keras"), "--monitor", "val_accuracy"]))
    #expect(try Tool.succeed(["summary", folder.path("best.keras")]).contains("conv2d"))
  }

  /// A file may not grow beyond what the shell allows: as on a full disk, what was there stays.
  @Test func aFullDiskLeavesWhatWasThere() throws {
    _ = try Tool.succeed(folder.train("model.h5"))
    let before = folder.bytes("model.h5")
    let result = try Tool.run(
      folder.train("model.h5", ["--seed", "2"]),
      under: ["/bin/bash", "-c", "ulimit -f 400; exec \"$@\"", "bash"])
    #expect(result.status == 1)
    #expect(result.error.contains("model.h5: ") && result.error.contains("cannot be written"))
    #expect(folder.bytes("model.h5") == before)
    #expect(try folder.folder.contents == ["data", "model.h5"])
  }

  @Test func aLossThatIsNoNumberLeavesWhatWasThere() throws {
    _ = try Tool.succeed(folder.train("model.h5"))
    let before = folder.bytes("model.h5")
    let result = try Tool.run(
      folder.train("model.h5", ["--optimizer", "sgd", "--learning-rate", "1e35"]))
    #expect(result.status == 1)
    #expect(result.error.contains("is no number any more in step "))
    #expect(result.error.contains("take a smaller learning rate"))
    #expect(folder.bytes("model.h5") == before)
  }
}
