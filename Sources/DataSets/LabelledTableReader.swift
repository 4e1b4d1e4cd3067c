import DataFiles

/// A reader of a table of numbers, one column of which are labels.
///
/// Tables of pictures have tens of millions of small numbers, so a cell becomes a number without becoming
/// text or an array first, and numbers that are bytes are kept as bytes.
struct LabelledTableReader {
  private let bytes: [UInt8]
  private let name: String
  private var position: Int
  private let end: Int
  /// The number of the line at `position`, from 1.
  private var line = 1

  /// What a table holds.
  struct Table {
    /// A label for each row.
    var labels: [Float]
    /// The other numbers, row by row.
    var values: PackedValues
  }

  /// A reader of the bytes of a file that messages call `name`.
  init(_ bytes: [UInt8], named name: String) {
    self.bytes = bytes
    self.name = name
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var end = bytes.count
    while end > position, Self.isLineEnd(bytes[end - 1]) { end -= 1 }
    self.end = end
  }

  /// All rows; see `CSVDataSet` for which column is which.
  mutating func read(labelColumn: String?) throws(DataFileError) -> Table {
    let header = header()
    let label = try column(of: labelColumn, in: header)
    // pandas's index has no name.
    let index = header?.first?.isEmpty == true ? 0 : nil
    var labels: [Float] = []
    var values = PackedValues.Builder()
    var width = header?.count
    let firstLine = line
    while position < end {
      if width == nil { width = countCells() }
      if line == firstLine { reserve(&labels, &values, width: width ?? 0) }
      try readRow(width: width ?? 0, label: label, index: index, into: &labels, &values)
    }
    guard !labels.isEmpty, let width, width > (index == nil ? 1 : 2) else {
      throw DataFileError(
        file: name, problem: "a table without a row of a label and numbers",
        advice: "give it one row an item, such as label,pixel0,pixel1")
    }
    return Table(labels: labels, values: values.values)
  }

  /// Takes the memory that the rows will need, which growing would take twice over.
  private func reserve(
    _ labels: inout [Float], _ values: inout PackedValues.Builder, width: Int
  ) {
    let rows = bytes[position..<end].reduce(into: 1) { if $1 == UInt8(ascii: "\n") { $0 += 1 } }
    labels.reserveCapacity(rows)
    // A number takes two bytes at least.
    let most = bytes.count / 2 + 1
    values.reserveCapacity(rows > most / max(width, 1) ? most : rows * width)
  }

  /// Reads the row at `position` and passes it.
  private mutating func readRow(
    width: Int, label: Int, index: Int?, into labels: inout [Float],
    _ values: inout PackedValues.Builder
  ) throws(DataFileError) {
    let row = line
    var column = 0
    var isLast = false
    while !isLast {
      let cell = nextCell()
      isLast = cell.isLast
      guard column < width else {
        throw ragged(row, cells: width + 1 + (isLast ? 0 : countCells()), expected: width)
      }
      if column != index {
        let value = try number(in: cell.range, line: row, column: column + 1)
        if column == label { labels.append(value) } else { values.append(value) }
      }
      column += 1
    }
    guard column == width else { throw ragged(row, cells: column, expected: width) }
  }

  // MARK: The header

  /// The names in the first line, which is passed, where it has no number in it; nil where it has one.
  private mutating func header() -> [String]? {
    var ahead = self
    var names: [String] = []
    var isLast = false
    while !isLast, ahead.position <= end {
      let cell = ahead.nextCell()
      isLast = cell.isLast
      if Float(text(cell.range)) != nil { return nil }
      names.append(unquoted(text(cell.range)))
    }
    self = ahead
    return names
  }

  private func column(of name: String?, in header: [String]?) throws(DataFileError) -> Int {
    let first = header?.first?.isEmpty == true ? 1 : 0
    guard let name else { return header?.firstIndex { $0.lowercased() == "label" } ?? first }
    if let column = header?.firstIndex(of: name) { return column }
    guard let header else {
      throw DataFileError(
        file: self.name, problem: "no column '\(name)', for the first line has no names",
        advice: "put the labels into the first column and name none")
    }
    let some = header.prefix(4).map { "'\($0)'" }.joined(separator: ", ")
    throw DataFileError(
      file: self.name,
      problem: "no column '\(name)' among \(some)\(header.count > 4 ? ", …" : "")",
      advice: "name one of its columns")
  }

  // MARK: Cells

  /// The cell at `position`, which is passed, without spaces around it; whether it is the row's last.
  private mutating func nextCell() -> (range: Range<Int>, isLast: Bool) {
    var start = position
    while position < end, bytes[position] != UInt8(ascii: ","),
      bytes[position] != UInt8(ascii: "\n")
    {
      position += 1
    }
    var stop = position
    let isLast = position >= end || bytes[position] == UInt8(ascii: "\n")
    position += 1
    if isLast { line += 1 }
    while start < stop, Self.isSpace(bytes[start]) { start += 1 }
    while stop > start, Self.isSpace(bytes[stop - 1]) { stop -= 1 }
    return (start..<stop, isLast)
  }

  /// The number of cells from `position` to the end of its line.
  private func countCells() -> Int {
    var ahead = self
    var count = 1
    while !ahead.nextCell().isLast { count += 1 }
    return count
  }

  private func number(
    in cell: Range<Int>, line: Int, column: Int
  ) throws(DataFileError) -> Float {
    if !cell.isEmpty, cell.count <= 7 {
      var value = 0
      for byte in bytes[cell] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
          return try decimal(cell, line: line, column: column)
        }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return Float(value)
    }
    return try decimal(cell, line: line, column: column)
  }

  private func decimal(
    _ cell: Range<Int>, line: Int, column: Int
  ) throws(DataFileError) -> Float {
    let text = text(cell)
    if let value = Float(text), value.isFinite { return value }
    let problem = text.isEmpty ? "an empty cell" : "'\(text.prefix(24))' is no finite number"
    throw DataFileError(
      file: name, problem: "line \(line), column \(column): \(problem)",
      advice: "put a finite number in every cell")
  }

  private func ragged(_ line: Int, cells: Int, expected: Int) -> DataFileError {
    DataFileError(
      file: name,
      problem: "line \(line): the row has \(cells) cells, the first row has \(expected)",
      advice: "give every row the same number of cells")
  }

  private func text(_ cell: Range<Int>) -> String { String(decoding: bytes[cell], as: UTF8.self) }

  private func unquoted(_ text: String) -> String {
    text.count > 1 && text.hasPrefix("\"") && text.hasSuffix("\"")
      ? String(text.dropFirst().dropLast()) : text
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}
