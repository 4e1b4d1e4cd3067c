import CNN
import Training

/// What `evaluate` prints: numbers, the confusion matrix, and how well each class was told.
struct EvaluationReport: Encodable {
  var items: Int
  var skipped: Int
  var loss: Double
  var accuracy: Double
  /// A row for each true class, a column for each predicted one; nil where outputs are no classes.
  var confusion: [[Int]]?
  var classes: [Class]?

  struct Class: Encodable {
    var index: Int
    var name: String?
    /// The share of what was taken for the class that is of it, and of the class that was taken for it.
    var precision: Double
    var recall: Double
    var f1: Double
    var items: Int

    /// Its number and its name.
    var title: String { name.map { "\(index) \($0)" } ?? "\(index)" }
  }

  init(_ result: Evaluation, names: [String]?) {
    items = result.count
    skipped = result.skipped.count
    loss = result.loss
    accuracy = result.accuracy
    guard let matrix = result.confusion else { return }
    let numbers = 0..<matrix.classCount
    confusion = numbers.map { actual in numbers.map { matrix[actual, $0] } }
    classes = numbers.map { index in
      Class(
        index: index, name: names.flatMap { $0.indices.contains(index) ? $0[index] : nil },
        precision: matrix.precision(index), recall: matrix.recall(index), f1: matrix.f1(index),
        items: matrix.support(index))
    }
  }

  var text: String {
    var lines = [
      "items     \(items)", "loss      \(FixedPoint.text(loss, digits: 4))",
      "accuracy  \(FixedPoint.text(accuracy, digits: 4))",
    ]
    guard let confusion, let classes else { return lines.joined(separator: "\n") }
    let width = classes.map(\.title.count).max() ?? 0
    func row(_ title: String, _ cells: [String], _ cellWidth: Int) -> String {
      let padding = String(repeating: " ", count: max(width - title.count, 0))
      return title + padding
        + cells.map { String(repeating: " ", count: max(cellWidth - $0.count, 0) + 1) + $0 }
        .joined()
    }
    let cellWidth = max(4, confusion.joined().map { "\($0)".count }.max() ?? 0)
    lines += ["", "What is (rows), and what it was taken for (columns):"]
    lines.append(row("", classes.map { "\($0.index)" }, cellWidth))
    for (entry, counts) in zip(classes, confusion) {
      lines.append(row(entry.title, counts.map { "\($0)" }, cellWidth))
    }
    lines += ["", row("", ["precision", "recall", "f1", "items"], 9)]
    for entry in classes {
      let shares = [entry.precision, entry.recall, entry.f1].map {
        FixedPoint.text($0, digits: 4)
      }
      lines.append(row(entry.title, shares + ["\(entry.items)"], 9))
    }
    return lines.joined(separator: "\n")
  }
}
