import DataFiles
import Foundation
import Network
import Testing

@Suite struct RunTests {
  /// Two inputs by name in one .npz, outputs by name in another.
  @Test(arguments: ["keras2", "keras3"])
  func runsAModelWithSeveralInputs(_ version: String) throws {
    let path = "\(Tool.fixtures)/layers/several-inputs.\(version)"
    let arrays = try NPZ.tensors(from: FileBytes.read("\(path).npz"), named: path)
    let folder = try TemporaryFolder()
    let inputs = arrays.filter { $0.name.hasPrefix("input:") }
      .map { NamedTensor(name: String($0.name.dropFirst(6)), tensor: $0.tensor) }
    try Data(try NPZ.bytes(of: inputs, named: "x")).write(
      to: folder.url.appending(path: "x.npz"))
    let result = try Tool.run([
      "run", "\(path).h5", "--input", "\(folder.path)/x.npz", "-o", "\(folder.path)/y.npz",
    ])
    #expect(result.status == 0, "\(result.error)")
    let outputs = try NPZ.tensors(
      from: FileBytes.read("\(folder.path)/y.npz"), named: "y.npz")
    #expect(outputs.count == 2)
    for output in outputs {
      let expected = try #require(arrays.first { $0.name == output.name }?.tensor)
      #expect(output.tensor.shape == expected.shape)
      #expect(zip(output.tensor.values, expected.values).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    // The same inputs one by one, by name and in order.
    for input in inputs {
      try Data(NPY.bytes(of: input.tensor)).write(
        to: folder.url.appending(path: "\(input.name).npy"))
    }
    let again = try Tool.run([
      "run", "\(path).h5", "--input", "right=\(folder.path)/right.npy", "--input",
      "left=\(folder.path)/left.npy", "-o", "-",
    ])
    #expect(again.status == 0, "\(again.error)")
    #expect(again.output == (try Data(contentsOf: folder.url.appending(path: "y.npz"))))
  }

  @Test func aMissingInputIsNamed() throws {
    let result = try Tool.run([
      "run", "\(Tool.fixtures)/layers/several-inputs.keras3.h5", "--input", Tool.bag, "-o", "-",
    ])
    #expect(result.status == 1)
    #expect(result.error.contains("1 inputs are given; the model has 2: left right"))
  }
}
