import Foundation
import Testing

@Suite struct BenchTests {
  @Test func tableNamesLayersAndAlgorithms() throws {
    let text = try Tool.succeed(["bench", Tool.model, "--batch", "1,3", "--seconds", "0.05"])
    #expect(text.contains("batch 1: median") && text.contains("batch 3: median"))
    #expect(text.contains("conv_layer_3 + pool_layer_4") && text.contains("winograd"))
    #expect(text.contains("dense_layer_6"))
    let exact = try Tool.succeed(["bench", Tool.model, "--exact", "--seconds", "0.05"])
    #expect(!exact.contains("winograd") && exact.contains("direct"))
  }

  @Test func jsonHoldsTheMeasurements() throws {
    let text = try Tool.succeed(
      ["bench", Tool.model, "--batch", "2", "--threads", "2", "--seconds", "0.05", "--json"])
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(report["threads"] as? Int == 2)
    let batches = try #require(report["batches"] as? [[String: Any]])
    let batch = try #require(batches.first)
    #expect(batch["batch"] as? Int == 2)
    for key in ["median_us", "p99_us", "min_us", "peak_gflops", "pictures_per_second"] {
      let value = try #require(batch[key] as? Double, "\(key)")
      #expect(value > 0, "\(key)")
    }
    let operations = try #require(batch["operations"] as? [[String: Any]])
    // 26 · 26 outputs of 64 channels, of 9 products each, of two pictures.
    #expect(operations.first?["multiply_adds"] as? Int == 2 * 26 * 26 * 64 * 9)
    #expect(operations.first?["layers"] as? [String] == ["conv_layer_1", "pool_layer_2"])
  }

  @Test func traceIsChromes() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "trace.json")
    _ = try Tool.succeed(
      ["bench", Tool.model, "--batch", "4", "--seconds", "0.05", "--trace", file.path()])
    let trace = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    let events = try #require(trace["traceEvents"] as? [[String: Any]])
    let names = Set(events.compactMap { $0["name"] as? String })
    #expect(names.isSuperset(of: ["conv_layer_1 + pool_layer_2", "dense_layer_6"]))
    #expect(events.allSatisfy { $0["ph"] as? String == "X" && ($0["dur"] as? Double ?? -1) >= 0 })
  }

  @Test(arguments: [
    ["bench"], ["bench", Tool.model, "--batch", "0"], ["bench", Tool.model, "--threads", "0"],
    ["bench", Tool.model, "--exact", "--algorithm", "winograd"],
    ["bench", Tool.model, "--algorithm", "fft"], ["bench", Tool.model, "--seconds", "0"],
    ["bench", Tool.model, "--worker"],
  ])
  func wrongUsageIsRefused(_ arguments: [String]) throws {
    #expect(try Tool.run(arguments).status == 2)
  }

  /// A conversation: answers in order, failures that do not end it.
  @Test func workerAnswersEachLine() throws {
    let folder = try TemporaryFolder()
    let pictures = (0..<4 * 784).map { Float($0 % 251) / 251 }
    let input = folder.url.appending(path: "x.f32")
    let output = folder.url.appending(path: "y.f32")
    try pictures.withUnsafeBytes { try Data($0).write(to: input) }
    try [Float](repeating: 0.1, count: 40).withUnsafeBytes { try Data($0).write(to: output) }
    func line(_ fields: [String: Any]) throws -> String {
      String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
    }
    let load: [String: Any] = [
      "op": "load", "model": "m", "batch": 6, "threads": 2, "shape": [28, 28, 1],
      "h5": Tool.model, "x_f32": input.path(), "y_f32": output.path(), "want": ["a"],
    ]
    let lines = [
      try line(["op": "measure", "variant": "cnn", "budget": 0.01, "min_n": 3]),
      try line(load.merging(["h5": "nothing.h5"]) { $1 }), "not JSON", try line(load),
      try line(["op": "measure", "variant": "cnn", "budget": 0.01, "min_n": 3]),
      try line(["op": "quit"]), try line(load),
    ]
    let result = try Tool.run(
      ["bench", "--worker"], input: Data((lines.joined(separator: "\n") + "\n").utf8))
    #expect(result.status == 0)
    let answers = try result.text.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    try #require(answers.count == 5)
    #expect(answers.map { $0["ok"] as? Bool } == [false, false, false, true, true])
    #expect((answers[1]["error"] as? String)?.contains("nothing.h5") == true)
    let variants = try #require(answers[3]["variants"] as? [String: [String: Any]])
    #expect(variants["cnn"]?["rel_err"] as? Double ?? 0 > 1)
    #expect(variants["cnn"]?["shape_ok"] as? Bool == true)
    #expect((answers[4]["ms"] as? [Double] ?? []).count >= 3)
  }

  /// The tool says how it computed a layer, and `--exact` has it computed directly.
  @Test func dumpLayerSaysWhichAlgorithmRan() throws {
    func notes(_ options: [String]) throws -> String {
      try Tool.run(
        [
          "dump-layer", Tool.model, "--input", Tool.bag, "--layer", "conv_layer_3", "--channel",
          "0",
        ]
          + options
      ).error
    }
    #expect(try notes(["--verbose"]).contains("conv_layer_3: convolution, winograd 4x4"))
    #expect(try notes(["--verbose", "--exact"]).contains("conv_layer_3: convolution, direct"))
    #expect(try notes([]).isEmpty)
  }
}
