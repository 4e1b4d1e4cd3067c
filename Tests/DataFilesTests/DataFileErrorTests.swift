import DataFiles
import Testing

@Suite struct DataFileErrorTests {
  @Test func theTextIsOneLine() {
    let error = DataFileError(file: "a\nb", problem: "not\r\nread", advice: "try\tagain")
    #expect(error.description == "a b: not  read; try again")
  }
}
