import Network

/// Writes weights as Keras 3 does into `model.weights.h5`: groups named after the layers' classes and
/// numbered, `layers/conv2d_1/vars/0`.
struct ContainerWeightWriter {
  /// - Parameter group: The model's.
  func write(_ layers: [SavedLayer], name: String, to group: HDF5OutputGroup) throws(SaveError) {
    try group.group("vars").setAttribute("name", name)
    let container = try group.group("layers")
    var counts: [String: Int] = [:]
    for layer in layers {
      let base = NameCounter.snakeCase(layer.className)
      let count = counts[base, default: 0]
      counts[base] = count + 1
      let own = try container.group(count == 0 ? base : "\(base)_\(count)")
      if let inner = layer.inner, layer.className == TimeDistributed.className {
        try own.group("vars").setAttribute("name", layer.name)
        try write(inner, name: layer.name, to: try own.group("layer"))
      } else if let inner = layer.inner {
        try write(inner, name: layer.name, to: own)
      } else {
        try own.group("vars").setAttribute("name", layer.name)
        let places = Self.places(
          layer.weights.map(\.name), className: layer.className, layer.configuration)
        for (places, weight) in zip(places, layer.weights) {
          for place in places { try own.setDataset(place, weight.tensor) }
        }
      }
    }
  }

  /// For each weight of a layer where it is stored; a wrapper may know one of its layer's as well.
  private static func places(
    _ names: [String], className: String, _ configuration: [String: LayerConfiguration.Value]
  ) -> [[String]] {
    let own = names.indices.map { ["vars/\($0)"] }
    switch className {
    case "LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D": return within("cell", own)
    case "RNN": return within("cell", cells(names, configuration["cell"]))
    case "TimeDistributed": return within("layer", inner(names, configuration["layer"]))
    case "SpectralNormalization":
      var places = within("layer", inner(names.dropLast(), configuration["layer"]))
      if !places.isEmpty { places[0].append("vars/0") }
      return places + [["vars/1"]]
    case "Bidirectional":
      let half = names.count / 2
      let backward = configuration["backward_layer"] ?? configuration["layer"]
      return within("forward_layer", inner(names.prefix(half), configuration["layer"]))
        + within("backward_layer", inner(names.dropFirst(half), backward))
    case "MultiHeadAttention":
      var counts: [String: Int] = [:]
      return names.map { name in
        // `query/kernel` is of the layer `query_dense`, `attention_output/kernel` of `output_dense`.
        let part = name.split(separator: "/").first.map(String.init) ?? name
        let layer = part == "attention_output" ? "output_dense" : "\(part)_dense"
        defer { counts[layer, default: 0] += 1 }
        return ["\(layer)/vars/\(counts[layer, default: 0])"]
      }
    default: return own
    }
  }

  private static func inner(
    _ names: some Collection<String>, _ entry: LayerConfiguration.Value?
  ) -> [[String]] {
    guard case .object(let object)? = entry, case .string(let className)? = object["class_name"],
      case .object(let configuration)? = object["config"]
    else { return names.enumerated().map { index, _ in ["vars/\(index)"] } }
    return places(Array(names), className: className, configuration)
  }

  /// The weights of a cell, or of several above each other: `cells/lstm_cell_1/vars/0`.
  private static func cells(
    _ names: [String], _ cell: LayerConfiguration.Value?
  ) -> [[String]] {
    guard case .object(let entry)? = cell, case .object(let inner)? = entry["config"],
      let list = inner["cells"]?.list
    else { return names.indices.map { ["vars/\($0)"] } }
    var counts: [String: Int] = [:]
    let groups = list.map { cell -> String in
      guard case .object(let entry) = cell, case .string(let className)? = entry["class_name"]
      else { return "cell" }
      let base = NameCounter.snakeCase(className)
      defer { counts[base, default: 0] += 1 }
      return counts[base].map { "\(base)_\($0)" } ?? base
    }
    // Each cell's weights begin with its kernel.
    var (group, index) = (-1, 0)
    return names.map { name in
      if name == "kernel" { (group, index) = (group + 1, 0) }
      defer { index += 1 }
      return ["cells/\(groups.indices.contains(group) ? groups[group] : "cell")/vars/\(index)"]
    }
  }

  private static func within(_ group: String, _ places: [[String]]) -> [[String]] {
    places.map { $0.map { "\(group)/\($0)" } }
  }
}
