import Figures

/// A table of numbers with six decimals, as pandas shows them, in which some cells are coloured.
struct HighlightedTable {
  let title: String
  let values: [Float]
  let rows: Int
  let columns: Int
  /// How much each cell is coloured, from 0 to 1.
  private let strengths: [Float]

  /// - Parameter values: Row by row.
  init(title: String, values: [Float], rows: Int, columns: Int, highlight: Highlight) {
    self.title = title
    self.values = values
    self.rows = rows
    self.columns = columns
    strengths = highlight.strengths(values)
  }

  /// The number of a cell, as Python's `f'{x:.6f}'` writes it.
  private func number(_ row: Int, _ column: Int) -> String {
    NumberText.fixed(Double(values[row * columns + column]), decimals: 6)
  }

  private func strength(_ row: Int, _ column: Int) -> Float { strengths[row * columns + column] }

  /// Green; white where a cell is not coloured at all.
  private static func green(_ strength: Float) -> (red: Int, green: Int, blue: Int) {
    func part(_ full: Float) -> Int { Int((255 + (full - 255) * strength).rounded()) }
    // CSS's lightgreen.
    return (part(144), part(238), part(144))
  }

  /// The table as a page of its own, its elements named as pandas's Styler names them.
  var html: String {
    var text = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>\(Self.escaped(title))</title>
      <style>
      table { border-collapse: collapse; font: 12px sans-serif; font-variant-numeric: tabular-nums; }
      caption { padding: 8px; font-weight: bold; text-align: left; }
      th, td { padding: 4px 8px; text-align: right; border: 1px solid #e0e0e0; color: #000; }
      th { background: #f5f5f5; }
      </style>
      </head>
      <body>
      <table class="dataframe">
      <caption>\(Self.escaped(title))</caption>
      <thead>
      <tr><th class="blank level0">&nbsp;</th>
      """
    for column in 0..<columns {
      text += "<th class=\"col_heading level0 col\(column)\">\(column)</th>"
    }
    text += "</tr>\n</thead>\n<tbody>\n"
    for row in 0..<rows {
      text += "<tr><th class=\"row_heading level0 row\(row)\">\(row)</th>"
      for column in 0..<columns {
        let strength = strength(row, column)
        var style = ""
        if strength > 0 {
          let color = Self.green(strength)
          style = " style=\"background-color: rgb(\(color.red), \(color.green), \(color.blue))\""
        }
        text += "<td class=\"data row\(row) col\(column)\"\(style)>\(number(row, column))</td>"
      }
      text += "</tr>\n"
    }
    return text + "</tbody>\n</table>\n</body>\n</html>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      default: String(character)
      }
    }.joined()
  }

  /// The table in Markdown; what is coloured elsewhere is bold, in a gradient from the middle on.
  var markdown: String {
    var text = "|  |" + (0..<columns).map { " \($0) |" }.joined() + "\n"
    text += "| ---: |" + String(repeating: " ---: |", count: columns) + "\n"
    for row in 0..<rows {
      text += "| **\(row)** |"
      for column in 0..<columns {
        let mark = strength(row, column) >= 0.5 ? "**" : ""
        text += " \(mark)\(number(row, column))\(mark) |"
      }
      text += "\n"
    }
    return text
  }

  /// The table in columns, for a terminal; coloured where that shows colours.
  func terminalText(isColored: Bool) -> String {
    let cells = (0..<rows).map { row in (0..<columns).map { number(row, $0) } }
    let head = String(max(0, rows - 1)).count
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let widths = (0..<columns).map { column in
      max("\(column)".count, cells.map { $0[column].count }.max() ?? 0)
    }
    var text = padded("", head)
    for column in 0..<columns { text += "  " + padded("\(column)", widths[column]) }
    text += "\n"
    for row in 0..<rows {
      text += padded("\(row)", head)
      for column in 0..<columns {
        let cell = padded(cells[row][column], widths[column])
        let strength = strength(row, column)
        guard isColored, strength > 0 else {
          text += "  " + cell
          continue
        }
        let color = Self.green(strength)
        text += "  \u{1B}[30;48;2;\(color.red);\(color.green);\(color.blue)m\(cell)\u{1B}[0m"
      }
      text += "\n"
    }
    return text
  }
}
