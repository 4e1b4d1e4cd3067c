import Network

/// A reader of tables of numbers.
struct CSVReader {
  private let bytes: ArraySlice<UInt8>
  private let name: String
  private var position: Int
  /// The number of the line at `position`, from 1.
  private var line = 1

  /// A reader of the bytes of a CSV file that messages call `name`.
  init(_ bytes: [UInt8], named name: String) {
    var text = bytes[...]
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    while let last = text.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
      text = text.dropLast()
    }
    self.bytes = text
    self.name = name
    position = text.startIndex
  }

  /// Whether bytes that nothing else tells the kind of could be a table: text that has a number
  /// among the cells of its first two lines.
  static func looksLikeTable(_ bytes: [UInt8]) -> Bool {
    let allowed: [UInt8] = [UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    guard bytes.prefix(1 << 12).allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || allowed.contains($0) })
    else { return false }
    var reader = CSVReader(bytes, named: "")
    for _ in 0..<2 where reader.position < reader.bytes.endIndex {
      if reader.nextLine().contains(where: reader.isNumber) { return true }
    }
    return false
  }

  /// All rows, with the header and pandas's index dropped.
  mutating func table() throws(DataFileError) -> Tensor {
    let header = headerCells()
    let isPandas = header.map { $0.count > 1 && $0[0].isEmpty } ?? false
    var width = header?.count
    var values: [Float] = []
    var rows = 0
    while position < bytes.endIndex {
      let start = line
      let cells = nextLine()
      if let width, cells.count != width {
        throw raggedRow(line: start, cells: cells.count, expected: width)
      }
      width = cells.count
      for column in (isPandas ? 1 : 0)..<cells.count {
        values.append(try number(cells[column], line: start, column: column + 1))
      }
      rows += 1
    }
    guard rows > 0, let width else {
      throw DataFileError(
        file: name, problem: "a table without a row of numbers",
        advice: "give it one row a line, with commas between the numbers")
    }
    return Tensor(shape: [rows, isPandas ? width - 1 : width], values: values)
  }

  /// The cells of the first line when it is a header, which is then passed.
  private mutating func headerCells() -> [ArraySlice<UInt8>]? {
    var ahead = self
    let cells = ahead.nextLine()
    guard let first = cells.first else { return nil }
    let rest = cells.dropFirst()
    let isPandas = first.isEmpty && !rest.isEmpty && rest.allSatisfy { !$0.isEmpty }
    let isNames = cells.allSatisfy { !$0.isEmpty && !isNumber($0) }
    guard isPandas || isNames else { return nil }
    self = ahead
    return cells
  }

  /// The cells of the line at `position`, without the spaces around them.
  private mutating func nextLine() -> [ArraySlice<UInt8>] {
    var cells: [ArraySlice<UInt8>] = []
    var start = position
    while position < bytes.endIndex, bytes[position] != UInt8(ascii: "\n") {
      if bytes[position] == UInt8(ascii: ",") {
        cells.append(trimmed(bytes[start..<position]))
        start = position + 1
      }
      position += 1
    }
    cells.append(trimmed(bytes[start..<position]))
    position = min(position + 1, bytes.endIndex)
    line += 1
    return cells
  }

  private func trimmed(_ cell: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var cell = cell
    while let first = cell.first, isSpace(first) { cell = cell.dropFirst() }
    while let last = cell.last, isSpace(last) { cell = cell.dropLast() }
    return cell
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  /// Whether a cell is a number, be it one that is not finite.
  private func isNumber(_ cell: ArraySlice<UInt8>) -> Bool {
    isNotFinite(cell) || value(of: cell) != nil
  }

  private func isNotFinite(_ cell: ArraySlice<UInt8>) -> Bool {
    let word = cell.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    return ["nan", "inf", "infinity"].contains(String(decoding: word, as: UTF8.self).lowercased())
  }

  /// The value of a decimal number, infinite when no `Float` is as large; nil for other text.
  private func value(of cell: ArraySlice<UInt8>) -> Float? {
    // Float's own initialiser takes hexadecimal numbers and words besides.
    for byte in cell {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "+"), UInt8(ascii: "e"), UInt8(ascii: "E"):
        continue
      default: return nil
      }
    }
    return Float(String(decoding: cell, as: UTF8.self))
  }

  private func number(
    _ cell: ArraySlice<UInt8>, line: Int, column: Int
  ) throws(DataFileError) -> Float {
    if let value = value(of: cell), value.isFinite { return value }
    let problem =
      if cell.isEmpty {
        "an empty cell"
      } else if isNumber(cell) {
        "\(quoted(cell)) is not finite"
      } else {
        "\(quoted(cell)) is not a number"
      }
    throw DataFileError(
      file: name, problem: "line \(line), column \(column): \(problem)",
      advice: "put a finite number in every cell")
  }

  /// The cell, shortened when long.
  private func quoted(_ cell: ArraySlice<UInt8>) -> String {
    let text = String(decoding: cell, as: UTF8.self)
    return text.count > 24 ? "'\(text.prefix(23))…'" : "'\(text)'"
  }

  private func raggedRow(line: Int, cells: Int, expected: Int) -> DataFileError {
    DataFileError(
      file: name,
      problem: "line \(line), column \(min(cells, expected) + 1): "
        + (cells < expected
          ? "the row ends after \(cells) of \(expected) cells"
          : "the row has \(cells) cells, the first row has \(expected)"),
      advice: "give every row the same number of cells")
  }
}
