import Network

/// Tables of numbers as text: cells separated by commas, one row a line.
public enum CSVTable {
  /// The text that pandas's `DataFrame(a).to_csv()` writes for a `float32` array.
  ///
  /// `values` has the shape [rows, columns]. The numbers are written as pandas does with NumPy 2.3
  /// and later, the fewest digits that read back to the same `Float`; NaN is an empty cell.
  ///
  /// - Precondition: `values.count` is `rows` times `columns`.
  public static func pandasText(of values: [Float], rows: Int, columns: Int) -> [UInt8] {
    precondition(
      values.count == rows * columns,
      "\(values.count) values do not fill \(rows) rows of \(columns)")
    // A comma and the longest number take less than 18 bytes, an integer at most 20.
    let capacity = 18 * values.count + 22 * (rows + columns) + 3
    return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      var text = ByteWriter(to: buffer)
      // pandas quotes the name of its index, which is empty, when nothing follows it.
      if columns == 0 { text.append("\"\"") }
      for column in 0..<columns {
        text.append(UInt8(ascii: ","))
        text.append(String(column))
      }
      text.append(UInt8(ascii: "\n"))
      var position = 0
      for row in 0..<rows {
        text.append(String(row))
        for _ in 0..<columns {
          text.append(UInt8(ascii: ","))
          let value = values[position]
          position += 1
          if !value.isNaN { FloatText.append(value, to: &text) }
        }
        text.append(UInt8(ascii: "\n"))
      }
      count = text.count
    }
  }

  /// The table in the bytes of a CSV file, of shape [rows, columns].
  ///
  /// Spaces around numbers, CRLF line ends and a UTF-8 byte order mark are allowed. A first row
  /// none of whose cells is a number is a header and dropped; one whose first cell is empty is
  /// pandas's header and the first column, pandas's index, is dropped with it. `name` is what
  /// messages call the file.
  ///
  /// - Throws: `DataFileError`, naming line and column, for an empty cell, text, a number that is
  ///   not finite, or a row of another length than the first.
  public static func tensor(
    from bytes: [UInt8], named name: String
  ) throws(DataFileError) -> Tensor {
    var reader = CSVReader(bytes, named: name)
    return try reader.table()
  }
}
