import Figures

/// What the headings of figures say.
enum FigureHeading {
  /// The last part of a file's path.
  static func fileName(_ path: String) -> String {
    path == "-" ? "standard input" : path.split(separator: "/").last.map(String.init) ?? path
  }

  /// What was put into a model.
  static func input(_ inputs: InputOptions) -> String {
    "input: " + inputs.files.input.map(fileName).joined(separator: ", ")
      + (inputs.files.index.map { ", item \($0)" } ?? "")
  }

  /// `26 × 26`.
  static func size(_ map: FeatureMap) -> String { "\(map.rows) × \(map.columns)" }
}
