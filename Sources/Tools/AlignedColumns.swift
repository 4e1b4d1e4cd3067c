/// Text in columns as wide as their widest cell.
enum AlignedColumns {
  /// The rows as lines, without spaces at their ends.
  ///
  /// - Parameter rows: All of as many cells.
  static func text(_ rows: [[String]]) -> String {
    let columns = rows.first?.indices ?? 0..<0
    let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = zip(row, widths).map { text, width in
        text + String(repeating: " ", count: width - text.count)
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
