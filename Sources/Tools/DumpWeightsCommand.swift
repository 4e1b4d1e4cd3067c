import ArgumentParser
import CNN
import DataFiles

/// The weights of a model, as tables and arrays.
struct DumpWeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump-weights",
    abstract: "Writes a file's weights as they are stored, as NPY, NPZ or CSV.",
    discussion: """
      Example: cnntool dump-weights Models/fashion-mnist.h5 -o weights.npz

      No architecture is needed, and layers of any kind will do. Names are layer/weight. A CSV table \
      has the last axis in columns and all others in rows.
      """)

  @Argument(
    help: "A Keras .h5, .keras or .weights.h5 file.",
    completion: .file(extensions: ["h5", "hdf5", "keras"]))
  var model: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Only the weights of this layer, or one weight as layer/weight; may be repeated.",
      valueName: "layer"))
  var layer: [String] = []

  @Flag(help: "The format; by default what the file's name ends in, else NPY.")
  var format: DumpFormat?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A folder for files named after the weights; a file ending in .npz, or for one weight in .npy or "
        + ".csv; '-' for standard output.", valueName: "path"),
    completion: .directory)
  var output: String

  func run() throws {
    let weights = try StoredWeights(contentsOf: model)
    let selected = try selectedIndices(weights.entries)
    let isStream = output == "-" || DumpFormat.allCases.contains { output.hasSuffix(".\($0)") }
    let format =
      format ?? DumpFormat.allCases.first { output.hasSuffix(".\($0)") }
      ?? (output == "-" ? .npz : .npy)
    if isStream, format == .npz {
      let named = try selected.map {
        NamedTensor(name: weights.entries[$0].name, tensor: try weights.tensor(at: $0))
      }
      try OutputFile.write(try NPZ.bytes(of: named, named: output), to: output)
      return
    }
    guard !isStream || selected.count == 1 else {
      throw ToolFailure(
        "\(selected.count) weights are several files: name a folder with -o, or use --npz",
        isUsage: true)
    }
    if isStream {
      let bytes = Self.bytes(of: try weights.tensor(at: selected[0]), format)
      try OutputFile.write(bytes, to: output, isText: format == .csv)
      return
    }
    try writeFolder(weights, selected, format)
  }

  private func writeFolder(
    _ weights: StoredWeights, _ selected: [Int], _ format: DumpFormat
  ) throws {
    try OutputFile.makeFolder(output)
    let folder = output.hasSuffix("/") ? output : output + "/"
    if format == .npz {
      let named = try selected.map {
        NamedTensor(name: weights.entries[$0].name, tensor: try weights.tensor(at: $0))
      }
      let path = folder + "weights.npz"
      try OutputFile.write(try NPZ.bytes(of: named, named: path), to: path)
      print("\(path): \(named.count) weights")
      return
    }
    var names: Set<String> = []
    for index in selected {
      let entry = weights.entries[index]
      // A slash would be a folder; two names may become the same by that.
      let base = String(entry.name.map { $0 == "/" ? "." : $0 })
      var name = base
      var number = 1
      while !names.insert(name).inserted {
        name = "\(base)_\(number)"
        number += 1
      }
      let path = "\(folder)\(name).\(format.rawValue)"
      try OutputFile.write(Self.bytes(of: try weights.tensor(at: index), format), to: path)
      print("\(path): \(entry.shape)")
    }
  }

  private static func bytes(of tensor: Tensor, _ format: DumpFormat) -> [UInt8] {
    guard format == .csv else { return NPY.bytes(of: tensor) }
    // A vector is a table of one column, as pandas makes it.
    let columns = tensor.shape.count > 1 ? tensor.shape[tensor.shape.count - 1] : 1
    let rows = columns == 0 ? 0 : tensor.values.count / columns
    return CSVTable.pandasText(of: tensor.values, rows: rows, columns: columns)
  }

  private func selectedIndices(_ entries: [StoredWeights.Entry]) throws -> [Int] {
    if layer.isEmpty { return Array(entries.indices) }
    for designation in layer
    where !entries.contains(where: { Self.isOf($0.name, designation) }) {
      var layers: [String] = []
      for entry in entries {
        let name = String(entry.name.split(separator: "/").first ?? "")
        if layers.last != name { layers.append(name) }
      }
      throw ToolFailure(
        "there are no weights of '\(designation)'; there are of: " + layers.joined(separator: " "))
    }
    return entries.indices.filter { index in
      layer.contains { Self.isOf(entries[index].name, $0) }
    }
  }

  private static func isOf(_ name: String, _ designation: String) -> Bool {
    name == designation || name.hasPrefix(designation + "/")
  }
}

/// How weights are written.
enum DumpFormat: String, EnumerableFlag {
  case csv
  case npy
  case npz
}
