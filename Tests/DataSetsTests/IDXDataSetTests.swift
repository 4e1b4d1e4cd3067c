import DataFiles
import DataSets
import Network
import TestSupport
import Testing

@Suite struct IDXDataSetTests {
  private let folder = TemporaryFolder()
  private let images = fixture("fashion-mnist-20.idx3-ubyte")
  private let labels = fixture("fashion-mnist-20.idx1-ubyte")

  @Test(arguments: ["", ".gz"])
  func picturesHaveAChannelAndLabelsAreNumbers(packed: String) throws {
    let set = try IDXDataSet(images: images + packed, labels: labels + packed)
    let pictures = try IDX.tensor(from: FileBytes.read(images), named: "")
    let numbers = try IDX.tensor(from: FileBytes.read(labels), named: "")
    #expect(set.count == 20)
    #expect(set.inputShape == [28, 28, 1])
    #expect(set.targetShape == [])
    #expect(set.classCount == 10)
    for index in 0..<20 {
      let item = try set.item(index)
      #expect(item.input == Array(pictures.values[index * 784..<(index + 1) * 784]))
      #expect(item.target == [numbers.values[index]])
      #expect(set.label(of: index) == Int(numbers.values[index]))
    }
  }

  @Test func numbersThatAreNoBytesAreRead() throws {
    // Two items of one int16 each: 1 and -2.
    let inputs = try folder.write(
      [0, 0, 0x0B, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1, 0xFF, 0xFE], to: "x")
    let targets = try folder.write([0, 0, 0x08, 1, 0, 0, 0, 2, 0, 1], to: "y")
    let set = try IDXDataSet(images: inputs, labels: targets)
    #expect(set.inputShape == [1])
    #expect(try set.item(1) == Item(input: [-2], target: [1]))
  }

  @Test func theShapeMayBeGiven() throws {
    let set = try IDXDataSet(images: images, labels: labels, inputShape: [784])
    #expect(set.inputShape == [784])
    #expect(
      message { try IDXDataSet(images: images, labels: labels, inputShape: [32, 32, 1]) }
        == "\(images): its items are of 28×28, but 32×32×1 is expected; "
        + "use data that fits the network, or a network that fits the data")
  }

  @Test func aLabelBeyondTheClassesIsNamed() throws {
    // The first label of the file is 9.
    #expect(
      message { try IDXDataSet(images: images, labels: labels, classes: 9) }
        == "\(labels): item 0 has the label 9, but there are 9 classes, numbered 0 to 8; "
        + "correct the label, or give the network as many outputs as there are classes")
  }

  @Test func theFilesMustBelongTogether() throws {
    let two = try folder.write([0, 0, 8, 1, 0, 0, 0, 2, 0, 1], to: "two")
    #expect(
      message { try IDXDataSet(images: images, labels: two) }
        == "\(two): 2 labels for 20 pictures in \(images); use two files that belong together")
    #expect(
      message { try IDXDataSet(images: labels, labels: labels) }
        == "\(labels): one axis, as labels have; name the file of pictures")
    #expect(
      message { try IDXDataSet(images: images, labels: images) }
        == "\(images): 3 axes, as pictures have; name the file of labels")
  }
}
