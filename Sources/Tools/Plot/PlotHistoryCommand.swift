import ArgumentParser
import Figures

/// The curves of a training.
struct PlotHistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Draws the curves of trainings: loss, accuracy and what else was measured, by epoch.",
    discussion: """
      Example: cnntool plot history docs/results/fashion-mnist-1.csv -o curves.svg

      Files are those of 'cnntool train --history' and of Keras's CSVLogger; each has a colour. What \
      was measured in validation is dashed.
      """)

  @Argument(
    help: "CSV files with a column 'epoch' and a line for each epoch.",
    completion: .file(extensions: ["csv"]))
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "Only this, such as loss, with its validation; may be repeated.", valueName: "name"))
  var metric: [String] = []

  @OptionGroup var file: FigureFile

  private static let validation = "val_"

  func run() throws {
    let histories = try files.map { (path: $0, columns: try HistoryFile($0).columns) }
    var names: [String] = []
    for name in histories.flatMap(\.columns).map(\.name) {
      let base = Self.base(name)
      if !names.contains(base) { names.append(base) }
    }
    for name in metric where !names.contains(name) {
      throw ToolFailure("no file has '\(name)'; there is \(names.joined(separator: ", "))")
    }
    if !metric.isEmpty {
      names = metric
    } else if names.count > 1 {
      // What was set, not measured, has no place beside the others.
      names.removeAll { $0 == "learning_rate" || $0 == "lr" }
    }
    let panels = names.map { name in
      LineChart.Panel(title: name, curves: curves(name, histories))
    }
    let title = files.count == 1 ? FigureHeading.fileName(files[0]) : "\(files.count) trainings"
    try file.write(LineChart(panels, heading: Heading(title: title)))
  }

  private static func base(_ name: String) -> String {
    name.hasPrefix(validation) ? String(name.dropFirst(validation.count)) : name
  }

  private func curves(
    _ name: String, _ histories: [(path: String, columns: [(name: String, values: [Double?])])]
  ) -> [LineChart.Curve] {
    histories.enumerated().flatMap { index, history in
      history.columns.filter { Self.base($0.name) == name }.map { column in
        let isValidation = column.name.hasPrefix(Self.validation)
        let part = isValidation ? "validation" : "training"
        let isOnly = histories.count == 1
        return LineChart.Curve(
          name: isOnly ? part : "\(FigureHeading.fileName(history.path)), \(part)",
          values: column.values, color: isOnly ? (isValidation ? 1 : 0) : index,
          isDashed: isValidation)
      }
    }
  }
}
