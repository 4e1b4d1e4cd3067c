import Foundation
import Testing

@Suite struct ConvertTests {
  @Test func writesWhatThenComputesTheSame() throws {
    let folder = try TemporaryFolder()
    let probabilities = try predict(Tool.model)
    for name in ["a.keras", "a.h5", "a.hdf5"] {
      let file = "\(folder.path)/\(name)"
      // Nothing is printed into a pipe.
      #expect(try Tool.succeed(["convert", Tool.model, file]).isEmpty)
      #expect(try predict(file) == probabilities)
    }
    let older = "\(folder.path)/older.h5"
    #expect(try Tool.succeed(["convert", Tool.model, older, "--keras", "2"]).isEmpty)
    #expect(try predict(older) == probabilities)
    #expect(try folder.contents == ["a.h5", "a.hdf5", "a.keras", "older.h5"])
  }

  private func predict(_ model: String) throws -> String {
    try Tool.succeed(["predict", model, "--input", Tool.bag, "--scale", "1/255"])
  }

  @Test func leavesTheOptimizerOut() throws {
    let folder = try TemporaryFolder()
    let trained = "\(Tool.fixtures)/training/trained-nadam.keras3.keras"
    func text(_ name: String, _ options: [String]) throws -> String {
      let file = "\(folder.path)/\(name)"
      _ = try Tool.succeed(["convert", trained, file] + options)
      return String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
    }
    #expect(try text("a.h5", []).contains("training_config"))
    #expect(try !text("b.h5", ["--without-optimizer"]).contains("training_config"))
  }

  @Test func writesThePartUpToALayer() throws {
    let folder = try TemporaryFolder()
    let input = ["--input", Tool.bag, "--scale", "1/255"]
    func values(_ model: String, _ layer: String) throws -> Data {
      let result = try Tool.run(["dump-layer", model] + input + ["--layer=\(layer)", "--npy"])
      #expect(result.status == 0, "\(result.error)")
      return result.output
    }
    for options in [["features.h5", "--keras", "2"], ["features.keras"]] {
      let file = "\(folder.path)/\(options[0])"
      let text = try Tool.succeed(
        ["convert", Tool.model, file, "--until", "pool_layer_4", "--json"] + options.dropFirst())
      #expect(text.contains("\"layers\" : 4") && text.contains("\"parameters\" : 37568"))
      #expect(try values(file, "-1") == values(Tool.model, "pool_layer_4"))
    }
    // What an optimizer keeps is of other weights.
    let trained = "\(Tool.fixtures)/training/trained-nadam.keras3.keras"
    let part = "\(folder.path)/part.h5"
    _ = try Tool.succeed(["convert", trained, part, "--until", "0"])
    let bytes = try Data(contentsOf: URL(filePath: part))
    #expect(!String(decoding: bytes, as: UTF8.self).contains("training_config"))
    try Tool.expectFailure(
      ["convert", Tool.model, "\(folder.path)/none.h5", "--until", "conv_layer_9"], status: 1,
      parts: ["no layer 'conv_layer_9'", "conv_layer_1 pool_layer_2"])
  }

  @Test func saysWhatWasWrittenAsJSON() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/a.keras"
    let text = try Tool.succeed(["convert", Tool.model, file, "--json"])
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(report["file"] as? String == file)
    #expect(report["format"] as? String == "keras")
    #expect(report["layers"] as? Int == 7)
    #expect(report["parameters"] as? Int == 243_786)
  }

  @Test func doesNotOverwriteTheModel() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/a.h5"
    try FileManager.default.copyItem(atPath: Tool.model, toPath: file)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link.h5", withDestinationPath: file)
    for output in [file, "\(folder.path)/./a.h5", "\(folder.path)/link.h5"] {
      let result = try Tool.run(["convert", file, output])
      #expect(result.status == 2)
      #expect(result.error.contains("this is the model itself"))
    }
    #expect(FileManager.default.contentsEqual(atPath: file, andPath: Tool.model))
  }

  @Test func refusesWhatItCannotWrite() throws {
    let folder = try TemporaryFolder()
    func failure(_ arguments: String...) throws -> (Int32, String) {
      let result = try Tool.run(["convert", Tool.model] + arguments)
      #expect(result.output.isEmpty)
      return (result.status, result.error)
    }
    let other = try failure("\(folder.path)/a.onnx")
    #expect(other.0 == 1 && other.1.contains(".h5, .hdf5 or .keras"))
    let version = try failure("\(folder.path)/a.h5", "--keras", "4")
    #expect(version.0 == 2 && version.1.contains("expected 2 or 3"))
    let older = try failure("\(folder.path)/a.keras", "--keras", "2")
    #expect(older.0 == 1 && older.1.contains("Keras 3"))
    let activations = try Tool.run([
      "convert", "\(Tool.fixtures)/layers/activations.keras2.h5", "\(folder.path)/a.keras",
    ])
    #expect(activations.status == 1)
    #expect(activations.error.contains("'hard_sigmoid' of Keras 2"))
    #expect(try folder.contents.isEmpty)
  }
}
