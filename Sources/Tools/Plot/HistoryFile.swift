import DataFiles
import Figures

/// The history of a training as CSV: a header with names, a line for each epoch.
struct HistoryFile {
  /// What was measured, with a number for each epoch, nil where there is none.
  let columns: [(name: String, values: [Double?])]

  /// - Throws: `DataFileError`, where it cannot be read; `ToolFailure`, where it is no such table.
  init(_ path: String) throws {
    let text = String(decoding: try FileBytes.read(path), as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let advice = "expected a CSV file as 'cnntool train --history' or Keras's CSVLogger writes it"
    guard let names = lines.first, names.first == "epoch", names.count > 1 else {
      throw ToolFailure("\(path): its first line does not begin with 'epoch'; \(advice)")
    }
    guard lines.count > 1 else { throw ToolFailure("\(path): it has no epoch; \(advice)") }
    var columns = names.dropFirst().map { (name: $0, values: [Double?]()) }
    for (number, line) in lines.enumerated().dropFirst() {
      guard line.count == names.count else {
        throw ToolFailure(
          "\(path): line \(number + 1) has \(line.count) cells, the first \(names.count); \(advice)"
        )
      }
      for index in columns.indices {
        let cell = line[index + 1]
        let value = Double(cell)
        guard value != nil || cell.isEmpty else {
          throw ToolFailure(
            "\(path): line \(number + 1), column '\(names[index + 1])': '\(cell)' is not a number; "
              + advice)
        }
        columns[index].values.append(value)
      }
    }
    self.columns = columns
  }
}
