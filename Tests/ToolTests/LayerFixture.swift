import DataFiles
import Network

/// What the models of `Tests/Fixtures/layers` were run on.
enum LayerFixture {
  /// The inputs by their names, as `--input` takes them.
  static func inputs(of name: String) throws -> [NamedTensor] {
    let path = "\(Tool.fixtures)/layers/\(name).npz"
    return try NPZ.tensors(from: FileBytes.read(path), named: path).compactMap { array in
      // `input`, or of several `input:name`.
      let parts = array.name.split(separator: ":", maxSplits: 1)
      guard parts[0] == "input" else { return nil }
      return NamedTensor(name: String(parts[parts.count - 1]), tensor: array.tensor)
    }
  }
}
