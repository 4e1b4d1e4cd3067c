import Network
import Testing
import Training

@Suite struct ArrayDataSetTests {
  @Test func theFirstAxisGoesThroughTheItems() throws {
    let set = try ArrayDataSet(
      inputs: Tensor(shape: [2, 1, 3], values: [1, 2, 3, 4, 5, 6]),
      targets: Tensor(shape: [2, 2], values: [7, 8, 9, 10]))
    #expect(set.count == 2)
    #expect(set.inputShape == [1, 3])
    #expect(set.targetShape == [2])
    #expect(try set.item(1) == Item(input: [4, 5, 6], target: [9, 10]))
  }

  @Test func aClassNumberIsATargetWithoutAShape() throws {
    let set = try ArrayDataSet(
      inputs: Tensor(shape: [2, 1], values: [1, 2]), targets: Tensor(shape: [2], values: [0, 1]))
    #expect(set.targetShape == [])
    #expect(set.targetSize == 1)
    #expect(try set.item(1).target == [1])
  }

  @Test func inputsAndTargetsMustBelongTogether() {
    let three = Tensor(shape: [3, 1], repeating: 0)
    #expect(
      message { try ArrayDataSet(inputs: three, targets: Tensor(shape: [2], repeating: 0)) }
        == "there are 3 inputs, but 2 targets; give every input one target")
    #expect(
      message { try ArrayDataSet(inputs: three, targets: Tensor(shape: [], repeating: 0)) }
        == "a single number is no data set; give tensors whose first axis goes through the items")
  }
}
