/// A model's summary laid out as Keras 3 prints it.
struct SummaryTable {
  private let summary: ModelSummary

  init(_ summary: ModelSummary) { self.summary = summary }

  var text: String {
    let isFunctional = summary.className == "Functional"
    let heads =
      ["Layer (type)", "Output Shape", "Param #"] + (isFunctional ? ["Connected to"] : [])
    let rows = summary.layers.map { layer -> [[String]] in
      let shapes = (layer.outputShapes ?? []).map(Self.shape)
      let shape =
        layer.outputShapes == nil
        ? "?" : shapes.count == 1 ? shapes[0] : "[" + shapes.joined(separator: ", ") + "]"
      var cells = [
        ["\(layer.name) (\(layer.className))"], [shape], [Self.grouped(layer.parameters)],
      ]
      if isFunctional {
        cells.append(
          layer.connectedTo.isEmpty
            ? ["-"]
            : layer.connectedTo.enumerated().map { index, name in
              name + (index < layer.connectedTo.count - 1 ? "," : "")
            })
      }
      return cells
    }
    let widths = heads.indices.map { column in
      max(heads[column].count, rows.flatMap { $0[column] }.map(\.count).max() ?? 0)
    }
    var lines = ["Model: \"\(summary.name)\""]
    lines.append(Self.rule("┏", "━", "┳", "┓", widths))
    lines.append(Self.line("┃", heads, widths))
    lines.append(Self.rule("┡", "━", "╇", "┩", widths))
    for (index, row) in rows.enumerated() {
      if index > 0 { lines.append(Self.rule("├", "─", "┼", "┤", widths)) }
      for part in 0..<(row.map(\.count).max() ?? 0) {
        let cells = row.map { part < $0.count ? $0[part] : "" }
        lines.append(Self.line("│", cells, widths))
      }
    }
    lines.append(Self.rule("└", "─", "┴", "┘", widths))
    lines.append(" Total params: " + Self.amount(summary.totalParameters))
    lines.append(" Trainable params: " + Self.amount(summary.trainableParameters))
    lines.append(" Non-trainable params: " + Self.amount(summary.nonTrainableParameters))
    return lines.joined(separator: "\n")
  }

  private static func rule(
    _ left: String, _ line: String, _ cross: String, _ right: String, _ widths: [Int]
  ) -> String {
    left + widths.map { String(repeating: line, count: $0 + 2) }.joined(separator: cross) + right
  }

  /// Text at the left, the parameters at the right, as Keras aligns them.
  private static func line(_ bar: String, _ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - cells[column].count)
      return column == 2 ? space + cells[column] : cells[column] + space
    }
    return "\(bar) " + padded.joined(separator: " \(bar) ") + " \(bar)"
  }

  private static func shape(_ sizes: [Int?]) -> String {
    "(" + sizes.map { $0.map(String.init) ?? "None" }.joined(separator: ", ") + ")"
  }

  /// 243786 as 243,786.
  static func grouped(_ number: Int) -> String {
    var result = ""
    for (position, digit) in String(number).reversed().enumerated() {
      if position > 0 && position % 3 == 0 { result = "," + result }
      result = String(digit) + result
    }
    return result
  }

  /// The number and its size in memory, four bytes each: `243,786 (952.29 KB)`.
  private static func amount(_ parameters: Int) -> String {
    var size = Double(parameters) * 4
    var unit = 0
    let units = ["B", "KB", "MB", "GB", "TB"]
    while size >= 1024 && unit < units.count - 1 {
      size /= 1024
      unit += 1
    }
    return "\(grouped(parameters)) (\(FixedPoint.text(size, digits: 2)) \(units[unit]))"
  }
}

/// Numbers with a fixed number of decimals; Foundation's formatting would be all that needs it.
enum FixedPoint {
  static func text(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "\(value)" }
    var power = 1.0
    for _ in 0..<digits { power *= 10 }
    guard abs(value) * power < 1e15 else { return "\(value)" }
    let scaled = (abs(value) * power).rounded(.toNearestOrEven)
    let whole = Int(scaled)
    let fraction = String(whole % Int(power))
    let sign = value < 0 && whole > 0 ? "-" : ""
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(whole / Int(power)).\(zeros)\(fraction)"
  }
}
