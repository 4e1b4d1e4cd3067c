import CNN
import DataFiles

/// The inputs and layers' outputs of a model that Keras computed, by their names in an `.npz`.
struct ReferenceFile {
  private let name: String
  private let arrays: [String: Tensor]

  /// What an array is to be compared with.
  enum Place {
    case layer(String)
    case output(Int)
  }

  /// An array of the file.
  struct Expected {
    var name: String
    var place: Place
    var values: Tensor
    /// Of each item's values only every so manieth is there.
    var stride: Int
  }

  init(_ path: String) throws {
    name = path
    guard case .arrays(let arrays) = try DataFile.read(path, index: nil).content else {
      throw ToolFailure("\(path): it is no .npz file; save it with numpy.savez")
    }
    self.arrays = Dictionary(
      arrays.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
  }

  /// The inputs in the network's order: `input`, or `input:NAME` for each.
  func inputs(of network: Network) throws -> [Tensor] {
    let names = network.inputNames
    let inputs = try names.map { input -> Tensor in
      if let tensor = arrays["input:\(input)"] { return tensor }
      if names.count == 1, let tensor = arrays["input"] { return tensor }
      let wanted = names.count == 1 ? "'input'" : "'input:\(input)'"
      throw ToolFailure(
        "\(name): it has no array \(wanted) for the model's input; it has "
          + arrays.keys.sorted().prefix(20).joined(separator: " "))
    }
    let counts = Set(inputs.map { $0.shape.first ?? 0 })
    guard counts.count == 1, counts != [0] else {
      throw ToolFailure("\(name): its inputs do not hold as many items, at least one")
    }
    return inputs
  }

  /// The other arrays, in the order of the model's layers, those last that are of no layer.
  func expected(of network: Network) -> [Expected] {
    let order = Dictionary(
      network.layerPaths.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let all = arrays.compactMap { key, values -> (Expected, Int, Int)? in
      guard key != "input", !key.hasPrefix("input:"), !key.hasSuffix("|s") else { return nil }
      let path = key.hasSuffix("|stride") ? String(key.dropLast(7)) : key
      let stride = arrays["\(path)|s"]?.values.first.map { max(Int($0), 1) } ?? 1
      let (layer, call) = Self.split(path)
      if order[layer] == nil, let index = Self.outputIndex(path) {
        let expected = Expected(name: path, place: .output(index), values: values, stride: stride)
        return (expected, order.count, index)
      }
      let expected = Expected(name: path, place: .layer(path), values: values, stride: stride)
      return (expected, order[path] ?? order[layer] ?? order.count + 1, call)
    }
    return all.sorted {
      ($0.1, $0.2, $0.0.name) < ($1.1, $1.2, $1.0.name)
    }.map(\.0)
  }

  /// The layer and the number of its call: `name:1`.
  private static func split(_ path: String) -> (layer: String, call: Int) {
    guard let colon = path.lastIndex(of: ":"), let call = Int(path[path.index(after: colon)...])
    else { return (path, 0) }
    return (String(path[..<colon]), call)
  }

  private static func outputIndex(_ name: String) -> Int? {
    name.hasPrefix("output_") ? Int(name.dropFirst(7)) : nil
  }
}
