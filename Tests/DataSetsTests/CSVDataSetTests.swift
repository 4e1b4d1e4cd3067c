import DataFiles
import TestSupport
import Testing

@testable import DataSets

@Suite struct CSVDataSetTests {
  private let folder = TemporaryFolder()

  private func set(
    _ text: String, labelColumn: String? = nil, inputShape: [Int]? = nil, classes: Int? = nil
  ) throws -> CSVDataSet {
    try CSVDataSet(
      folder.write(text, to: "t.csv"), labelColumn: labelColumn, inputShape: inputShape,
      classes: classes)
  }

  @Test(arguments: [
    "label,pixel0,pixel1,pixel2,pixel3\n1,0,128,255,7\n3,1,2,3,4\n",
    "label,pixel0,pixel1,pixel2,pixel3\r\n1,0,128,255,7\r\n3,1,2,3,4",
    "1,0,128,255,7\n3,1,2,3,4\n\n",
    "\u{FEFF}pixel0,pixel1,Label,pixel2,pixel3\n0,128,1,255,7\n1,2,3,3,4\n",
    ",\"label\",\"a\",\"b\",\"c\",\"d\"\n0,1,0,128,255,7\n1,3,1,2,3,4\n",
    "label,a,b,c,d\n1, 0, 128.0,2.55e2,\t7\n 3,1,2,3,4\n",
  ])
  func tablesAreRead(text: String) throws {
    let set = try set(text)
    #expect(set.count == 2)
    #expect(set.inputShape == [2, 2, 1])
    #expect(set.targetShape == [])
    #expect(set.classCount == 4)
    #expect(try set.item(0) == Item(input: [0, 128, 255, 7], target: [1]))
    #expect(try set.item(1) == Item(input: [1, 2, 3, 4], target: [3]))
    #expect(set.label(of: 1) == 3)
  }

  @Test func theColumnOfLabelsMayBeNamed() throws {
    let text = "a,b,kind\n1,2,0\n3,4,1\n"
    #expect(try set(text, labelColumn: "kind").item(1) == Item(input: [3, 4], target: [1]))
    #expect(
      message { try set(text, labelColumn: "class") }
        == "\(folder.path)/t.csv: no column 'class' among 'a', 'b', 'kind'; name one of its columns"
    )
    #expect(
      message { try set("1,2\n", labelColumn: "class") }
        == "\(folder.path)/t.csv: no column 'class', for the first line has no names; "
        + "put the labels into the first column and name none")
  }

  @Test func numbersThatAreNoBytesAreKept() throws {
    let set = try set("0,1,2\n1,-0.5,300\n0,3,4\n")
    #expect(try (0..<3).map { try set.item($0).input } == [[1, 2], [-0.5, 300], [3, 4]])
  }

  @Test func theShapeMayBeGiven() throws {
    #expect(try set("0,1,2,3,4\n", inputShape: [1, 4, 1]).inputShape == [1, 4, 1])
    #expect(try set("0,1,2,3\n").inputShape == [3])
    #expect(
      message { try set("0,1,2,3\n", inputShape: [28, 28, 1]) }
        == "\(folder.path)/t.csv: its items are of 3, but 28×28×1 is expected; "
        + "use data that fits the network, or a network that fits the data")
  }

  @Test(arguments: [
    ("label,a,b\n1,2,3\n4,5\n", "line 3: the row has 2 cells, the first row has 3"),
    ("1,2,3\n4,5,6,7,8\n", "line 2: the row has 5 cells, the first row has 3"),
    ("label,a\n1,2,3\n", "line 2: the row has 3 cells, the first row has 2"),
    ("1,2\n\n3,4\n", "line 2, column 1: an empty cell"),
  ])
  func rowsOfOtherLengthsAreNamed(text: String, problem: String) {
    #expect(message { try set(text) }?.hasPrefix("\(folder.path)/t.csv: \(problem); ") == true)
  }

  @Test(arguments: [
    ("1,2\n3,x\n", "line 2, column 2: 'x' is no finite number"),
    ("1,2\n3,\n", "line 2, column 2: an empty cell"),
    ("1,2\n3,1e99\n", "line 2, column 2: '1e99' is no finite number"),
    ("1,2\n3,nan\n", "line 2, column 2: 'nan' is no finite number"),
  ])
  func cellsThatAreNoNumberAreNamed(text: String, problem: String) {
    #expect(
      message { try set(text) }
        == "\(folder.path)/t.csv: \(problem); put a finite number in every cell")
  }

  @Test(arguments: ["", "\n", "label,a\n", "1\n2\n", ",label\n0,1\n"])
  func tablesWithoutItemsAreRefused(text: String) {
    #expect(
      message { try set(text) }
        == "\(folder.path)/t.csv: a table without a row of a label and numbers; "
        + "give it one row an item, such as label,pixel0,pixel1")
  }

  @Test(arguments: [("-1", "-1"), ("0.5", "0.5"), ("10", "10")])
  func aLabelBeyondTheClassesIsNamed(label: String, text: String) {
    #expect(
      message { try set("0,1\n\(label),2\n", classes: 10) }
        == "\(folder.path)/t.csv: item 1 has the label \(text), but there are 10 classes, "
        + "numbered 0 to 9; "
        + "correct the label, or give the network as many outputs as there are classes")
  }

  @Test func aLargeTableIsQuick() throws {
    let row = (0..<785).map { String($0 % 10 * 25) }.joined(separator: ",") + "\n"
    let bytes = Array(String(repeating: row, count: 2000).utf8)
    var reader = LabelledTableReader(bytes, named: "")
    let clock = ContinuousClock()
    var count = 0
    let time = try clock.measure { count = try reader.read(labelColumn: nil).values.count }
    #expect(count == 2000 * 784)
    // A fiftieth of a second when optimised; debug builds and sanitizers take a hundred times as long.
    #expect(time < .seconds(30))
  }
}
