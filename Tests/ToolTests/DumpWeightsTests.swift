import DataFiles
import Foundation
import Testing

@Suite struct DumpWeightsTests {
  private let model = "\(Tool.fixtures)/containers/number-types.h5"

  @Test func archives() throws {
    let folder = try TemporaryFolder()
    let target = "\(folder.path)/weights.npz"
    _ = try Tool.succeed(["dump-weights", model, "-o", target])
    let arrays = try NPZ.tensors(from: FileBytes.read(target), named: target)
    #expect(
      arrays.map(\.name) == [
        "first/kernel", "first/bias", "second/kernel", "second/bias", "classes/kernel",
        "classes/bias",
      ])
    #expect(arrays[0].tensor.shape == [3, 3, 1, 2])
  }

  @Test func foldersAndTables() throws {
    let folder = try TemporaryFolder()
    let target = "\(folder.path)/weights"
    let printed = try Tool.succeed([
      "dump-weights", model, "--csv", "--layer", "second", "-o", target,
    ])
    #expect(printed.split(separator: "\n").count == 2)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: target).sorted() == [
        "second.bias.csv", "second.kernel.csv",
      ])
    let table = try String(contentsOfFile: "\(target)/second.kernel.csv", encoding: .utf8)
    #expect(table.hasPrefix(",0,1,2\n0,"))
    #expect(table.split(separator: "\n").count == 1 + 3 * 3 * 2)
    let one = try Tool.run([
      "dump-weights", model, "--layer", "classes/bias", "--npy", "-o", "-",
    ])
    #expect(try NPY.tensor(from: Array(one.output), named: "bias").shape == [3])
  }

  @Test func layersThatAreNotThere() throws {
    let result = try Tool.run(["dump-weights", model, "--layer", "third", "-o", "-"])
    #expect(result.status == 1)
    #expect(result.error.contains("no weights of 'third'; there are of: first second classes"))
    let several = try Tool.run(["dump-weights", model, "-o", "x.npy"])
    #expect(several.status == 2 && several.error.contains("6 weights are several files"))
  }

  /// Layers of any kind will do.
  @Test func modelsThatCannotBeComputed() throws {
    for file in ["bad/lambda.h5", "containers/custom.keras", "containers/subclass.keras"] {
      let result = try Tool.run(["dump-weights", "\(Tool.fixtures)/\(file)", "-o", "-"])
      #expect(result.status == 0, "\(result.error)")
    }
    let summary = try Tool.run(["summary", "\(Tool.fixtures)/bad/lambda.h5"])
    #expect(summary.status == 0)
    #expect(summary.text.contains("double (Lambda)"))
    #expect(summary.text.contains(" ? "))
    #expect(summary.error.contains("layer 'double' (Lambda)"))
  }

  @Test func architecturesFromElsewhere() throws {
    let folder = "\(Tool.fixtures)/containers"
    let text = try Tool.succeed([
      "summary", "\(folder)/keras3.weights.h5", "--architecture", "\(folder)/keras3.json",
    ])
    #expect(text.contains("separable (SeparableConv2D)"))
    let wrong = try Tool.run(["summary", "\(folder)/keras3.weights.h5", "--custom", "x"])
    #expect(wrong.status == 2 && wrong.error.contains("expected name=activation"))
  }
}
