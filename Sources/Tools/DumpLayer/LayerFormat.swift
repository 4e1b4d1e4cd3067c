import ArgumentParser

/// How layers are written.
enum LayerFormat: String, EnumerableFlag, ExpressibleByArgument {
  case csv, npy, npz, html, markdown, table, tidy

  static func help(for value: LayerFormat) -> ArgumentHelp? {
    switch value {
    case .csv: "A channel as the table that pandas writes, exactly."
    case .npy: "An array of NumPy's."
    case .npz: "One archive of arrays, named after the layers."
    case .html: "A channel as a table with coloured cells."
    case .markdown: "A channel as a table in Markdown."
    case .table: "A channel as a table on the terminal, with colours there."
    case .tidy: "One CSV for all layers: layer, row, column, channel, value."
    }
  }

  /// What a file's name ends in.
  var ending: String {
    switch self {
    case .markdown: "md"
    case .table: "txt"
    case .tidy: "csv"
    default: rawValue
    }
  }

  /// Whether a file holds one channel with six decimals and coloured cells.
  var isHighlighted: Bool { self == .html || self == .markdown || self == .table }

  /// Whether all layers are one file.
  var isWhole: Bool { self == .npz || self == .tidy }

  var isText: Bool { self != .npy && self != .npz }
}
