import DataFiles
import Network
import Testing

@Suite struct TensorItemsTests {
  private let tensor = Tensor(shape: [3, 2], values: [1, 2, 3, 4, 5, 6])

  @Test func anItemLacksTheFirstAxis() throws {
    #expect(try tensor.item(1, of: "a.npy") == Tensor(shape: [2], values: [3, 4]))
    #expect(
      try Tensor(shape: [2], values: [7, 8]).item(1, of: "a.npy")
        == Tensor(shape: [], values: [8]))
  }

  @Test(arguments: [-1, 3])
  func anIndexOutOfRangeIsToldTheCount(index: Int) {
    #expect(
      message { try tensor.item(index, of: "a.npy") }
        == "a.npy: no item \(index) among its 3; use an index from 0 to 2")
  }

  @Test func emptyTensorsAndScalarsHaveNoItem() {
    #expect(
      message { try Tensor(shape: [0, 2], values: []).item(0, of: "a.npy") }
        == "a.npy: no item 0 among its 0; the file has none, so use another")
    #expect(
      message { try Tensor(shape: [], values: [1]).item(0, of: "a.npy") }
        == "a.npy: a single number, which has no item 0; leave the index out")
  }
}
