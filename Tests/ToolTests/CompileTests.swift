import DataFiles
import Foundation
import Network
import Testing

@Suite struct CompileTests {
  private static let scale = ["--scale", "1/255"]

  private func compile(
    _ folder: TemporaryFolder, _ name: String, _ options: [String] = []
  ) throws -> String {
    let file = "\(folder.path)/\(name)"
    // Nothing is printed into a pipe.
    #expect(try Tool.succeed(["compile", Tool.model, "-o", file] + options).isEmpty)
    return file
  }

  private func outputs(of model: String, in folder: TemporaryFolder) throws -> Data {
    let file = "\(folder.path)/outputs.npz"
    _ = try Tool.succeed(["run", model, "--input", Tool.bag, "-o", file] + Self.scale)
    return try Data(contentsOf: URL(filePath: file))
  }

  @Test func aCompiledModelComputesTheSame() throws {
    let folder = try TemporaryFolder()
    let model = try compile(folder, "model.cnn")
    // The keys are the same, too.
    #expect(try outputs(of: model, in: folder) == outputs(of: Tool.model, in: folder))
    let result = try Tool.run(
      ["run", model, "--input", Tool.bag, "-o", "-", "--exact"])
    #expect(result.status == 2 && result.error.contains("was decided when the model was compiled"))
  }

  /// For a microcontroller: no Winograd's method, whose weights take more room.
  @Test func aTargetDecides() throws {
    let folder = try TemporaryFolder()
    func bytes(_ options: String...) throws -> Data {
      try Data(contentsOf: URL(filePath: try compile(folder, "model.cnn", options)))
    }
    let small = try bytes("--target", "cortex-m7")
    #expect(small == (try bytes("--algorithm", "direct")))
    #expect(small.count < (try bytes("--algorithm", "winograd").count))
    #expect(try bytes("--target", "avx512") == bytes())
    let result = try Tool.run(
      ["compile", Tool.model, "-o", "x.cnn", "--target", "cortex-m7", "--algorithm", "winograd"])
    #expect(result.status == 2 && result.error.contains("cortex-m7"))
  }

  @Test(
    arguments: ["baseline", "avx2", "avx512"],
    [[], ["--half"], ["--int8", "--target", "cortex-m7"]]
  )
  func itsTestPasses(_ set: String, _ options: [String]) throws {
    let folder = try TemporaryFolder()
    let model = try compile(
      folder, "model.cnn", ["--test-vector", Tool.bag, "--tap", "all"] + options + Self.scale)
    let result = try Tool.run(["selftest", model], environment: ["CNN_ISA": set])
    if result.error.contains("this processor lacks") { return }
    #expect(result.status == 0 && result.text.contains("passed"))
  }

  /// Other weights under a checksum that is right: a model whose test does not pass.
  @Test func aTestThatFails() throws {
    let folder = try TemporaryFolder()
    let model = try compile(folder, "model.cnn", ["--test-vector", Tool.bag] + Self.scale)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: model)))
    // The first probability that is stored, and a checksum computed as docs/model-format.md says.
    let place = bytes.count - 64
    bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0, 0x3f])
    withUnsafeBytes(of: Self.checksum(of: bytes).littleEndian) {
      bytes.replaceSubrange(24..<32, with: $0)
    }
    try Data(bytes).write(to: URL(filePath: model))
    let result = try Tool.run(["selftest", model])
    #expect(result.status == 1)
    #expect(result.error.contains("an output is 0.4"))
  }

  private static func checksum(of bytes: [UInt8]) -> UInt64 {
    var sums = [UInt32](repeating: 0, count: 16)
    var sumsOfSums = sums
    for start in stride(from: 0, to: bytes.count, by: 64) {
      for column in 0..<16 {
        for byte in 0..<4 where start > 0 || !(6...7).contains(column) {
          sums[column] &+= UInt32(bytes[start + column * 4 + byte]) << UInt32(8 * byte)
        }
        sumsOfSums[column] &+= sums[column]
      }
    }
    return (sums + sumsOfSums).reduce(0xcbf2_9ce4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
  }

  @Test func whatIsNoCompiledModel() throws {
    let folder = try TemporaryFolder()
    let model = try compile(folder, "model.cnn")
    var bytes = try Data(contentsOf: URL(filePath: model))
    bytes[bytes.count / 2] ^= 1
    let damaged = "\(folder.path)/damaged.cnn"
    try bytes.write(to: URL(filePath: damaged))
    let short = "\(folder.path)/short.cnn"
    try bytes.prefix(bytes.count / 2).write(to: URL(filePath: short))
    for (arguments, message) in [
      (["selftest", damaged], "\(damaged): its checksum is not that of its bytes"),
      (["selftest", short], "\(short): a compiled model that is cut off"),
      (["selftest", Tool.model], "not a compiled model; 'cnntool compile' makes one"),
      (["selftest", model], "it holds no test; compile it with --test-vector"),
      (["selftest", "\(folder.path)/none.cnn"], "cannot be read"),
      (["summary", model], "a compiled model, which has no layers any more"),
    ] {
      let result = try Tool.run(arguments)
      #expect(result.status == 1 && result.error.contains(message), "\(result.error)")
    }
  }

  @Test func wrongUsage() throws {
    let folder = try TemporaryFolder()
    let output = ["-o", "\(folder.path)/model.cnn"]
    for (options, message) in [
      (output + ["--c-array", "9x"], "which is no name in C"),
      (output + ["--batch", "0"], "expected at least 1"),
      (["-o", Tool.model], "this is the model itself"),
      (output + ["--half", "--int8"], "not both"),
      (output + ["--int8", "--algorithm", "winograd"], "of direct convolutions"),
      (output + ["--calibrate", "data"], "add --half or --int8"),
      (output + ["--half", "--calibrate", "data", "--calibration-items", "0"], "at least 1"),
      (["-o", "-", "--half", "--calibrate", "data"], "give -o a file"),
      (output + ["--int8", "--activations", "int8"], "add --int8 and --calibrate"),
      (output + ["--half", "--calibrate", "data", "--activations", "int8"], "add --int8"),
    ] {
      let result = try Tool.run(["compile", Tool.model] + options)
      #expect(result.status == 2 && result.error.contains(message), "\(result.error)")
    }
    #expect(try folder.contents == [])
  }

  // MARK: Narrow weights

  @Test func narrowWeightsTakeFewerBytes() throws {
    let folder = try TemporaryFolder()
    func size(_ options: String...) throws -> Int {
      try Data(contentsOf: URL(filePath: try compile(folder, "model.cnn", options))).count
    }
    let wide = try size("--algorithm", "direct")
    #expect(try size("--half") < wide * 51 / 100)
    #expect(try size("--int8") < wide * 26 / 100)
    let help = try Tool.succeed(["compile", "--help"])
    for option in ["--half", "--int8", "--calibrate"] { #expect(help.contains(option)) }
  }

  /// What narrow weights change, on 20 pictures: next to nothing of 16 bits, more of 8.
  @Test func theChangeIsPrinted() throws {
    let data = try TrainingFolder()
    func report(_ option: String) throws -> [String: Any] {
      let text = try Tool.succeed(
        [
          "compile", Tool.model, "-o", data.path("model.cnn"), option, "--calibrate", data.data,
          "--json",
        ] + Self.scale)
      return try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
    func largestErrors(_ report: [String: Any]) throws -> [Double] {
      let calibration = try #require(report["calibration"] as? [String: Any])
      #expect(calibration["items"] as? Int == 20 && calibration["changedPredictions"] != nil)
      #expect(calibration["accuracy"] != nil && calibration["wideAccuracy"] != nil)
      let layers = try #require(calibration["layers"] as? [[String: Any]])
      #expect(layers.first?["name"] as? String == "conv_layer_1" && layers.count == 7)
      return try layers.map { try #require($0["largestError"] as? Double) }
    }
    let half = try report("--half")
    let bytes = try report("--int8")
    #expect(half["weights"] as? String == "float16" && bytes["weights"] as? String == "int8")
    for (half, bytes) in zip(try largestErrors(half), try largestErrors(bytes)) {
      #expect(0 < half && half < 0.01 && half < bytes && bytes < 0.1)
    }
    let text = try Tool.succeed(
      [
        "compile", Tool.model, "-o", data.path("model.cnn"), "--int8", "--calibrate", data.data,
        "--calibration-items", "10",
      ] + Self.scale)
    for part in ["Largest error", "conv_layer_3", "on 10 items", "Predictions that change: "] {
      #expect(text.contains(part))
    }
  }

  /// Values of 8 bits take a fraction of the memory, and change little; the file is run as any other.
  @Test func activationsTakeLessMemory() throws {
    let data = try TrainingFolder()
    func report(_ options: String...) throws -> [String: Any] {
      let text = try Tool.succeed(
        [
          "compile", Tool.model, "-o", data.path("model.cnn"), "--int8", "--target", "cortex-m7",
          "--calibrate", data.data, "--test-vector", Tool.bag, "--json",
        ] + options + Self.scale)
      return try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
    let wide = try report()
    let bytes = try report("--activations", "int8")
    #expect(wide["activations"] as? String == "float32")
    #expect(bytes["activations"] as? String == "int8")
    let (memory, less) = (wide["memory"] as? Int ?? 0, bytes["memory"] as? Int ?? .max)
    #expect(less * 2 < memory)
    let calibration = try #require(bytes["calibration"] as? [String: Any])
    let layers = try #require(calibration["layers"] as? [[String: Any]])
    let errors = try layers.map { try #require($0["largestError"] as? Double) }
    #expect(errors.count == 7 && errors.allSatisfy { 0 < $0 && $0 < 0.1 })
    #expect(
      try Tool.succeed(["selftest", data.path("model.cnn")]).contains("passed"))
    #expect(
      try Tool.succeed(
        ["evaluate", data.path("model.cnn"), "--data", data.data, "--json"] + Self.scale
      ).contains("\"items\" : 20"))
    #expect(try Tool.succeed(["compile", "--help"]).contains("--activations"))
  }

  /// A compiled model is evaluated as the model that it was made of.
  @Test func itIsEvaluated() throws {
    let data = try TrainingFolder()
    func evaluate(_ model: String) throws -> String {
      try Tool.succeed(["evaluate", model, "--data", data.data, "--json"] + Self.scale)
    }
    _ = try Tool.succeed(
      ["compile", Tool.model, "-o", data.path("model.cnn"), "--batch", "20"])
    #expect(try evaluate(data.path("model.cnn")) == evaluate(Tool.model))
    _ = try Tool.succeed(["compile", Tool.model, "-o", data.path("small.cnn"), "--int8"])
    #expect(try evaluate(data.path("small.cnn")).contains("\"items\" : 20"))
    let table = data.path("table.csv")
    try Data("label,a,b\n1,2,3\n".utf8).write(to: URL(filePath: table))
    let result = try Tool.run(["evaluate", data.path("model.cnn"), "--data", table])
    #expect(result.status == 1 && result.error.contains(table))
  }

  /// The array in C source is the file.
  @Test func anArrayInC() throws {
    let folder = try TemporaryFolder()
    let model = try Data(contentsOf: URL(filePath: try compile(folder, "model.cnn")))
    let source = try String(
      contentsOfFile: try compile(folder, "model.c", ["--c-array", "fashion_mnist"]),
      encoding: .utf8)
    #expect(source.contains("const size_t fashion_mnist_size = \(model.count);"))
    let body = try #require(source.split(separator: "{").last).split(separator: "}")[0]
    let bytes = body.split { !$0.isHexDigit && $0 != "x" }
      .compactMap { UInt8($0.dropFirst(2), radix: 16) }
    #expect(Data(bytes) == model)
  }
}
