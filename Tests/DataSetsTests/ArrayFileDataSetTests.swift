import DataFiles
import DataSets
import Network
import TestSupport
import Testing

@Suite struct ArrayFileDataSetTests {
  private let folder = TemporaryFolder()

  private func write(_ tensor: Tensor, to name: String) throws -> String {
    try folder.write(NPY.bytes(of: tensor), to: name)
  }

  @Test func twoFilesBelongTogether() throws {
    let x = try write(Tensor(shape: [2, 2, 2], values: [0, 1, 2, 3, 4, 5, 6, 255]), to: "x.npy")
    let y = try write(Tensor(shape: [2, 1], values: [3, 1]), to: "y.npy")
    let set = try ArrayFileDataSet(inputs: x, targets: y)
    #expect(set.count == 2)
    #expect(set.inputShape == [2, 2, 1])
    #expect(set.targetShape == [])
    #expect(set.classCount == 4)
    #expect(try set.item(1) == Item(input: [4, 5, 6, 255], target: [1]))
    #expect(set.label(of: 1) == 1)
  }

  @Test func targetsMayBeAnyNumbers() throws {
    let x = try write(Tensor(shape: [2, 3], values: [0.5, 1, 2, 3, 4, 5]), to: "x.npy")
    let vectors = try write(Tensor(shape: [2, 2], values: [0, 1, 1, 0]), to: "v.npy")
    let set = try ArrayFileDataSet(inputs: x, targets: vectors)
    #expect(set.inputShape == [3])
    #expect(set.targetShape == [2])
    #expect(set.classCount == nil)
    #expect(try set.item(0) == Item(input: [0.5, 1, 2], target: [0, 1]))
    let numbers = try write(Tensor(shape: [2], values: [-0.25, 7]), to: "n.npy")
    let regression = try ArrayFileDataSet(inputs: x, targets: numbers)
    #expect(regression.targetShape == [])
    #expect(regression.classCount == nil)
    #expect(try regression.item(0).target == [-0.25])
    #expect(regression.label(of: 0) == nil)
    #expect(
      message { try ArrayFileDataSet(inputs: x, targets: numbers, classes: 8) }
        == "\(numbers): item 0 has the label -0.25, but there are 8 classes, numbered 0 to 7; "
        + "correct the label, or give the network as many outputs as there are classes")
  }

  @Test func filesThatDoNotBelongTogetherAreRefused() throws {
    let x = try write(Tensor(shape: [2, 3], repeating: 0), to: "x.npy")
    let y = try write(Tensor(shape: [3], repeating: 0), to: "y.npy")
    let scalar = try write(Tensor(shape: [], repeating: 0), to: "s.npy")
    #expect(
      message { try ArrayFileDataSet(inputs: x, targets: y) }
        == "\(y): 3 targets for 2 inputs in \(x); use two arrays that belong together")
    #expect(
      message { try ArrayFileDataSet(inputs: x, targets: scalar) }
        == "\(scalar): a single number, not an array; "
        + "save an array whose first axis goes through the items")
  }

  private func archive(_ arrays: [(String, Tensor)]) throws -> String {
    let named = arrays.map { NamedTensor(name: $0.0, tensor: $0.1) }
    return try folder.write(NPZ.bytes(of: named, named: "a"), to: "a.npz")
  }

  @Test func anArchiveHasBothParts() throws {
    let path = try archive([
      ("x_test", Tensor(shape: [1, 2, 2], repeating: 9)),
      ("y_train", Tensor(shape: [2], values: [0, 1])),
      ("x_train", Tensor(shape: [2, 2, 2], repeating: 7)),
      ("y_test", Tensor(shape: [1], values: [1])),
    ])
    let sets = try ArrayFileDataSet.archive(path)
    #expect(sets.training.count == 2)
    #expect(sets.training.inputShape == [2, 2, 1])
    #expect(try sets.test?.item(0) == Item(input: [9, 9, 9, 9], target: [1]))
  }

  @Test func anArchiveMayHaveOnePart() throws {
    let path = try archive([
      ("x", Tensor(shape: [1, 2], values: [1, 2])), ("y", Tensor(shape: [1], values: [0])),
    ])
    let sets = try ArrayFileDataSet.archive(path)
    #expect(try sets.training.item(0) == Item(input: [1, 2], target: [0]))
    #expect(sets.test?.count == nil)
  }

  @Test func otherArchivesAreRefused() throws {
    let path = try archive([("images", Tensor(shape: [1], values: [0]))])
    #expect(
      message { try ArrayFileDataSet.archive(path) }
        == "\(path): no x_train and y_train, nor x and y, but 'images'; "
        + "save it with numpy.savez(file, x_train=…, y_train=…)")
  }
}
