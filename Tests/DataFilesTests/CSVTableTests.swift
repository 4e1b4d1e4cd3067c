import DataFiles
import Network
import Testing

@Suite struct CSVTableTests {
  private func text(_ values: [Float]) -> String {
    let bytes = CSVTable.pandasText(of: values, rows: 1, columns: values.count)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    return String(lines[1].dropFirst(2))
  }

  private func table(_ text: String) throws -> Tensor {
    try CSVTable.tensor(from: Array(text.utf8), named: "t.csv")
  }

  @Test func whatIsWrittenIsWhatPandasWrites() throws {
    let table = try Fixtures.array("table.npy")
    let text = CSVTable.pandasText(
      of: table.values, rows: table.shape[0], columns: table.shape[1])
    #expect(try text == Fixtures.bytes("table.csv"))
  }

  @Test func numbersHaveTheFewestDigits() {
    #expect(text([0, -0.0, 1, -2.5, 0.1, 100]) == "0.0,-0.0,1.0,-2.5,0.1,100.0")
    #expect(text([.nan, .infinity, -.infinity]) == ",inf,-inf")
    #expect(text([3.4028235e38, .leastNonzeroMagnitude, 1.2e16]) == "3.4028235e+38,1e-45,1.2e+16")
  }

  @Test func exponentsBeginWhereNumPyBeginsThem() {
    // Exactly a million, and the Float nearest to 0.0001, which is below it.
    #expect(text([999999.94, 1e6, 1_234_567]) == "999999.94,1e+06,1.234567e+06")
    #expect(text([1e-4, Float(1e-4).nextUp, 1e-5]) == "1e-04,0.000100000005,1e-05")
  }

  @Test func tablesMayBeEmpty() {
    #expect(CSVTable.pandasText(of: [], rows: 0, columns: 2) == Array(",0,1\n".utf8))
    #expect(CSVTable.pandasText(of: [], rows: 2, columns: 0) == Array("\"\"\n0\n1\n".utf8))
  }

  @Test func everyFloatWrittenIsReadBack() throws {
    var generator = SystemRandomNumberGenerator()
    let values = (0..<10_000).map { _ -> Float in
      let value = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
      return value.isFinite ? value : 0
    }
    let text = CSVTable.pandasText(of: values, rows: 100, columns: 100)
    let tensor = try CSVTable.tensor(from: text, named: "t.csv")
    #expect(tensor.shape == [100, 100])
    #expect(tensor.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func aLargeTableIsQuick() {
    let values = (0..<1_000_000).map { Float($0) / 7 }
    let clock = ContinuousClock()
    let time = clock.measure {
      _ = CSVTable.pandasText(of: values, rows: 1000, columns: 1000)
    }
    // A tenth of a second when optimised; debug builds take some ten times as long, and more under a
    // sanitizer. Time that grows with the square of the size would be beyond all of them.
    #expect(time < .seconds(60))
  }

  @Test(arguments: [
    "1,2,3\n4,5,6\n", "1,2,3\n4,5,6", "1,2,3\r\n4,5,6\r\n", " 1 , 2,3\n4,\t5,6 \n\n",
    "\u{FEFF}1,2,3\n4,5,6\n", "a,b,c\n1,2,3\n4,5,6\n", ",0,1,2\n0,1,2,3\n1,4,5,6\n",
    ",x,y,z\nfirst,1,2,3\nsecond,4,5,6\n", "1e0,+2,.3e1\n4.,5.0,6\n",
  ])
  func tablesAreRead(text: String) throws {
    #expect(try table(text) == Tensor(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]))
  }

  @Test func aSingleNumberIsATable() throws {
    #expect(try table("7") == Tensor(shape: [1, 1], values: [7]))
  }

  @Test(arguments: [
    ("1,2\n3\n", "line 2, column 2: the row ends after 1 of 2 cells"),
    ("1,2\n3,4,5\n", "line 2, column 3: the row has 3 cells, the first row has 2"),
    ("a,b\n1,2,3\n", "line 2, column 3: the row has 3 cells, the first row has 2"),
    ("1,2\n\n3,4\n", "line 2, column 2: the row ends after 1 of 2 cells"),
  ])
  func raggedRowsAreRefused(text: String, problem: String) {
    #expect(
      message { try table(text) }
        == "t.csv: \(problem); give every row the same number of cells")
  }

  @Test(arguments: [
    ("1,2\n3,abc\n", "line 2, column 2: 'abc' is not a number"),
    ("1,x\n3,4\n", "line 1, column 2: 'x' is not a number"),
    ("1,2\n,4\n", "line 2, column 1: an empty cell"),
    ("1,2\n3,nan\n", "line 2, column 2: 'nan' is not finite"),
    ("nan,nan\n3,4\n", "line 1, column 1: 'nan' is not finite"),
    ("1,-Infinity\n", "line 1, column 2: '-Infinity' is not finite"),
    ("1,1e39\n", "line 1, column 2: '1e39' is not finite"),
    ("1,0x10\n", "line 1, column 2: '0x10' is not a number"),
    (
      "1,2\n3,yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
      "line 2, column 2: 'yyyyyyyyyyyyyyyyyyyyyyy…' is not a number"
    ),
    (",a\n0,z\n", "line 2, column 2: 'z' is not a number"),
  ])
  func cellsThatAreNoFiniteNumberAreRefused(text: String, problem: String) {
    #expect(message { try table(text) } == "t.csv: \(problem); put a finite number in every cell")
  }

  @Test(arguments: ["", "\n", "a,b\n"])
  func tablesWithoutRowsAreRefused(text: String) {
    #expect(
      message { try table(text) }
        == "t.csv: a table without a row of numbers; "
        + "give it one row a line, with commas between the numbers")
  }
}
