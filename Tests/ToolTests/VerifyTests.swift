import DataFiles
import Foundation
import Network
import Testing

@Suite struct VerifyTests {
  private func verify(_ fixture: String, _ more: String...) throws -> Tool.Result {
    let path = "\(Tool.fixtures)/\(fixture)"
    return try Tool.run(["verify", "\(path).h5", "--reference", "\(path).npz"] + more)
  }

  @Test(arguments: [
    "models/fashion-mnist.keras2", "models/cats-and-dogs.keras3", "layers/nested-twice.keras3",
    "layers/several-inputs.keras2",
  ])
  func everyLayerAgrees(_ fixture: String) throws {
    let result = try verify(fixture)
    #expect(result.status == 0, "\(result.error)")
    #expect(result.text.hasPrefix("Layer"))
    #expect(!result.text.contains("differs"))
  }

  @Test func theFirstLayerThatDiffersIsNamed() throws {
    let folder = try TemporaryFolder()
    let file = "\(Tool.fixtures)/models/fashion-mnist.keras3.npz"
    var arrays = try NPZ.tensors(from: FileBytes.read(file), named: file)
    for index in arrays.indices
    where ["dense_layer_6", "dense_layer_7"].contains(arrays[index].name) {
      arrays[index].tensor.values[3] += 1
    }
    let last = try #require(arrays.first { $0.name == "dense_layer_7" })
    arrays.append(NamedTensor(name: "output_0", tensor: last.tensor))
    let reference = "\(folder.path)/reference.npz"
    try Data(NPZ.bytes(of: arrays, named: reference)).write(to: URL(filePath: reference))
    let result = try Tool.run(["verify", Tool.model, "--reference", reference, "--json"])
    let own = try Tool.run([
      "verify", "\(Tool.fixtures)/models/fashion-mnist.keras3.h5", "--reference", reference,
      "--json",
    ])
    #expect(result.status == 1 && own.status == 1)
    #expect(own.error.hasPrefix("cnntool: layer 'dense_layer_6' is the first that differs"))
    let report = try #require(
      try JSONSerialization.jsonObject(with: own.output) as? [String: Any])
    #expect(report["firstDifference"] as? String == "dense_layer_6")
    let layers = try #require(report["layers"] as? [[String: Any]])
    #expect(layers.count == 8)
    #expect(layers.last?["name"] as? String == "output_0")
    #expect(
      layers.map { $0["agrees"] as? Bool } == [true, true, true, true, true, false, false, false])
    let lenient = try Tool.run([
      "verify", "\(Tool.fixtures)/models/fashion-mnist.keras3.h5", "--reference", reference,
      "--tolerance", "10",
    ])
    #expect(lenient.status == 0)
  }

  @Test func whatIsMissingIsSaid() throws {
    let folder = try TemporaryFolder()
    let reference = "\(folder.path)/reference.npz"
    func write(_ names: [String: [Int]]) throws {
      let arrays = names.map { NamedTensor(name: $0, tensor: Tensor(shape: $1, repeating: 0)) }
      try Data(NPZ.bytes(of: arrays, named: reference)).write(to: URL(filePath: reference))
    }
    try write(["dense_layer_7": [1, 10]])
    let noInput = try Tool.run(["verify", Tool.model, "--reference", reference])
    #expect(noInput.status == 1 && noInput.error.contains("no array 'input'"))
    try write(["input": [1, 28, 28, 1], "other": [1, 10], "dense_layer_7": [1, 9]])
    let other = try Tool.run(["verify", Tool.model, "--reference", reference])
    #expect(other.status == 1)
    #expect(
      other.error.contains("'dense_layer_7' is the first that differs: its values have shape"))
    #expect(other.text.contains("other"))
    let wrong = try Tool.run([
      "verify", Tool.model, "--reference", reference, "--tolerance=-1",
    ])
    #expect(wrong.status == 2)
  }
}
