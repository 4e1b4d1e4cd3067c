import CNN
import DataFiles
import Glibc

/// Writes the values of layers to the places that the user asked for.
struct DumpWriter {
  let format: LayerFormat
  let highlight: Highlight
  let channel: Int?
  let output: String

  /// Whether the output is one stream: standard output or a named file.
  private var isStream: Bool {
    if output == "-" { return true }
    return !output.hasSuffix("/") && !isFolder(output)
      && LayerFormat.allCases.contains { output.hasSuffix(".\($0.ending)") }
  }

  /// - Throws: `ToolFailure`, where several layers would go into one table.
  func check(layerCount: Int) throws {
    if isStream && layerCount > 1 && !format.isWhole {
      throw ToolFailure(
        "\(layerCount) layers are several files: name a folder with -o, or use --npz or --tidy",
        isUsage: true)
    }
  }

  func write(_ layers: [NamedTensor]) throws {
    switch format {
    case .npz:
      let selected = try layers.map { NamedTensor(name: $0.name, tensor: try select($0)) }
      let bytes = try NPZ.bytes(of: selected, named: output)
      try put([("layers.npz", bytes, "\(layers.count) layers")])
    case .npy:
      try put(
        try layers.map { layer in
          let tensor = try select(layer)
          return (fileName(layer.name, channel, "npy"), NPY.bytes(of: tensor), "\(tensor.shape)")
        })
    case .tidy:
      let items = try layers.map(tidy)
      try put([("layers.csv", TidyTable.text(of: items), "\(layers.count) layers")])
    case .csv, .html, .markdown, .table: try put(try layers.flatMap(tables))
    }
  }

  /// A layer without the batch, for a line a number.
  private func tidy(_ layer: NamedTensor) throws -> NamedTensor {
    guard channel == nil else {
      throw ToolFailure("--tidy writes all channels; leave --channel out", isUsage: true)
    }
    let shape = try itemShape(layer)
    return NamedTensor(
      name: layer.name, tensor: Tensor(shape: shape, values: layer.tensor.values))
  }

  /// The shape of the only item.
  private func itemShape(_ layer: NamedTensor) throws -> [Int] {
    guard layer.tensor.shape[0] == 1 else {
      throw ToolFailure(
        "the input holds \(layer.tensor.shape[0]) items; choose one with --index, or use --npy")
    }
    let shape = Array(layer.tensor.shape.dropFirst())
    guard (1...3).contains(shape.count) else {
      throw ToolFailure(
        "layer '\(layer.name)' gives values of shape \(shape), which are no table; use --npy")
    }
    return shape
  }

  /// The tables of a layer: one, or for a folder one for each channel.
  private func tables(_ layer: NamedTensor) throws -> [(String, [UInt8], String)] {
    let shape = try itemShape(layer)
    if let channel { return [try table(layer, channel: channel)] }
    if shape.count < 3 { return [try table(layer, channel: nil)] }
    guard !isStream || shape[2] == 1 else {
      throw ToolFailure(
        "layer '\(layer.name)' has \(shape[2]) channels; choose one with --channel 0 to "
          + "\(shape[2] - 1), or name a folder with -o for all")
    }
    return try (0..<shape[2]).map { try table(layer, channel: $0) }
  }

  private func table(_ layer: NamedTensor, channel: Int?) throws -> (String, [UInt8], String) {
    let tensor = try select(layer, channel: channel)
    // Without the batch; a single row of values becomes a column, as pandas makes of a vector.
    let rows = tensor.shape.count > 1 ? tensor.shape[1] : 1
    let columns = tensor.shape.count > 2 ? tensor.shape[2] : 1
    return (
      fileName(layer.name, channel, format.ending),
      bytes(tensor.values, rows, columns, title: title(layer.name, channel)),
      "\(rows) rows, \(columns) columns"
    )
  }

  private func title(_ layer: String, _ channel: Int?) -> String {
    layer + (channel.map { ", channel \($0)" } ?? "")
  }

  private func bytes(_ values: [Float], _ rows: Int, _ columns: Int, title: String) -> [UInt8] {
    let table = HighlightedTable(
      title: title, values: values, rows: rows, columns: columns, highlight: highlight)
    return switch format {
    case .html: Array(table.html.utf8)
    case .markdown: Array(table.markdown.utf8)
    case .table: Array(table.terminalText(isColored: output == "-" && Terminal.hasColors).utf8)
    default: CSVTable.pandasText(of: values, rows: rows, columns: columns)
    }
  }

  private func select(_ layer: NamedTensor) throws -> Tensor {
    let selected = try select(layer, channel: channel)
    // One channel of one item is the table itself.
    guard channel != nil, selected.shape[0] == 1, selected.shape.count > 1 else { return selected }
    return Tensor(shape: Array(selected.shape.dropFirst()), values: selected.values)
  }

  /// One channel, the last axis taken off; everything where it is nil.
  private func select(_ layer: NamedTensor, channel: Int?) throws -> Tensor {
    guard let channel else { return layer.tensor }
    let shape = layer.tensor.shape
    let channels = shape[shape.count - 1]
    guard (0..<channels).contains(channel) else {
      throw ToolFailure(
        "layer '\(layer.name)' has channels 0 to \(channels - 1); there is no channel \(channel)")
    }
    let values = stride(from: channel, to: layer.tensor.values.count, by: channels)
      .map { layer.tensor.values[$0] }
    return Tensor(shape: Array(shape.dropLast()), values: values)
  }

  /// `conv_layer_1_channel_39.csv`; a nested layer's slash becomes a point.
  private func fileName(_ layer: String, _ channel: Int?, _ ending: String) -> String {
    let name = String(layer.map { $0 == "/" ? "." : $0 })
    return name + (channel.map { "_channel_\($0)" } ?? "") + "." + ending
  }

  private func put(_ files: [(name: String, bytes: [UInt8], what: String)]) throws {
    if isStream {
      for file in files { try OutputFile.write(file.bytes, to: output, isText: format.isText) }
      return
    }
    try OutputFile.makeFolder(output)
    for file in files {
      let path = output.hasSuffix("/") ? output + file.name : "\(output)/\(file.name)"
      try OutputFile.write(file.bytes, to: path)
      print("\(path): \(file.what)")
    }
  }

  private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
