import Network

/// Tables with a line for each number, as databases, R and pandas take them.
public enum TidyTable {
  /// The header and a line for each number of some layers: `layer,row,column,channel,value`.
  ///
  /// Layers have the axes (rows, columns, channels), without the batch; (steps, channels) are rows of one column,
  /// a vector is the channels of a single cell. Numbers are written as by `CSVTable.pandasText`, but for what
  /// is none: `nan`, `inf` and `-inf`, which those programs read back.
  ///
  /// - Precondition: No layer has more than three axes.
  public static func text(of layers: [NamedTensor]) -> [UInt8] {
    var bytes = Array("layer,row,column,channel,value\n".utf8)
    for layer in layers { append(layer, to: &bytes) }
    return bytes
  }

  private static func append(_ layer: NamedTensor, to bytes: inout [UInt8]) {
    let shape = layer.tensor.shape
    precondition(shape.count <= 3, "\(shape) is no layer of rows, columns and channels")
    let channels = shape.last ?? 1
    let columns = shape.count > 2 ? shape[1] : 1
    let name = field(layer.name) + ","
    // The name, three whole numbers, the longest number, and what is between them.
    let lineLength = name.utf8.count + 3 * 20 + 24
    for (row, start) in stride(
      from: 0, to: layer.tensor.values.count, by: max(1, columns * channels)
    ).enumerated() {
      bytes += [UInt8](unsafeUninitializedCapacity: columns * channels * lineLength) {
        var text = ByteWriter(to: $0)
        for index in 0..<columns * channels {
          text.append(name)
          text.append("\(row),\(index / channels),\(index % channels),")
          FloatText.append(layer.tensor.values[start + index], to: &text)
          text.append(UInt8(ascii: "\n"))
        }
        $1 = text.count
      }
    }
  }

  /// A name as a cell, in quotes where it has to be.
  private static func field(_ name: String) -> String {
    guard name.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return name }
    return "\""
      + name.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
