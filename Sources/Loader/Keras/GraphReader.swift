import Network

/// Reads how the layers of a Functional model are connected: `inbound_nodes`, `input_layers`,
/// `output_layers`.
struct GraphReader {
  private let reader: ModelReader
  private let nodes: [Network.Node]
  private let nodeByName: [String: Int]
  /// For each layer its calls, as indices into `calls`.
  private var callsOfNode: [[Int]] = []
  private(set) var calls: [(node: Int, inputs: [Network.ValueReference])] = []

  /// A place in the graph as files write it: layer, which of its calls, which of its outputs.
  private struct History {
    var layer: String
    var call: Int
    var output: Int
  }

  init(
    _ reader: ModelReader, entries: [[String: ModelReader.Value]], nodes: [Network.Node]
  ) throws {
    self.reader = reader
    self.nodes = nodes
    nodeByName = Dictionary(
      nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var histories: [[History]] = []
    for (index, entry) in entries.enumerated() {
      let inbound = entry["inbound_nodes"]?.list ?? []
      var own: [Int] = []
      if nodes[index].layer is InputLayer {
        own.append(calls.count)
        calls.append((node: index, inputs: []))
        histories.append([])
      } else {
        for call in inbound {
          own.append(calls.count)
          calls.append((node: index, inputs: []))
          histories.append(try Self.histories(call, nodes[index].name, reader))
        }
      }
      callsOfNode.append(own)
    }
    for index in calls.indices {
      calls[index].inputs = try histories[index].map { try resolve($0, isEnd: false) }
    }
  }

  /// The values that `input_layers` or `output_layers` name: a list of places, or in Keras 3 one place.
  func ends(_ value: ModelReader.Value?, _ key: String) throws -> [Network.ValueReference] {
    guard let value else { throw reader.error("the model's configuration has no '\(key)'") }
    let histories = Self.places(value)
    guard !histories.isEmpty else {
      throw reader.error("the model's '\(key)' is \(value); expected layers with their indices")
    }
    return try histories.map { try resolve($0, isEnd: true) }
  }

  /// The places in a nest of lists and objects, from left to right.
  private static func places(_ value: ModelReader.Value) -> [History] {
    if let history = history(value) { return [history] }
    if let list = value.list { return list.flatMap(places) }
    if case .object(let object) = value {
      return object.sorted { $0.key < $1.key }.flatMap { places($0.value) }
    }
    return []
  }

  private static func history(_ value: ModelReader.Value) -> History? {
    guard let list = value.list, list.count >= 3, case .string(let layer) = list[0],
      let call = list[1].integer, let output = list[2].integer
    else { return nil }
    return History(layer: layer, call: call, output: output)
  }

  /// What one call takes: a list of places in Keras 2, arguments with tensors in Keras 3.
  private static func histories(
    _ call: ModelReader.Value, _ layer: String, _ reader: ModelReader
  ) throws -> [History] {
    guard case .object(let object) = call else { return places(call) }
    var result = try tensors(object["args"] ?? .null, layer, reader)
    if case .object(let keywords)? = object["kwargs"] {
      for key in keywords.keys.sorted() where key != "mask" && key != "training" {
        if let value = keywords[key], Self.holdsTensor(value) {
          result += try tensors(value, layer, reader)
        }
      }
    }
    return result
  }

  private static func holdsTensor(_ value: ModelReader.Value) -> Bool {
    switch value {
    case .list(let list): list.contains(where: holdsTensor)
    case .object(let object):
      object["class_name"] == .string("__keras_tensor__")
        || object.values.contains(where: holdsTensor)
    default: false
    }
  }

  private static func tensors(
    _ value: ModelReader.Value, _ layer: String, _ reader: ModelReader
  ) throws -> [History] {
    switch value {
    case .null: return []
    case .list(let list): return try list.flatMap { try tensors($0, layer, reader) }
    case .object(let object) where object["class_name"] == .string("__keras_tensor__"):
      if case .object(let config)? = object["config"],
        let history = config["keras_history"].flatMap(history)
      {
        return [history]
      }
      throw reader.error("layer '\(layer)' has an input without 'keras_history'")
    case .object(let object):
      return try (object["items"]?.list ?? []).flatMap { try tensors($0, layer, reader) }
    default:
      throw reader.error(
        "layer '\(layer)' takes the constant \(value) as an input; only layers' outputs are supported"
      )
    }
  }

  /// The call that a place means.
  ///
  /// A model's own inputs and outputs count as its first call in Keras 2; in Keras 3 only
  /// `output_layers` counts so, and only for a Functional model.
  private func resolve(_ history: History, isEnd: Bool) throws -> Network.ValueReference {
    guard let node = nodeByName[history.layer] else {
      throw reader.error("the graph names layer '\(history.layer)', which the model does not have")
    }
    let own = callsOfNode[node]
    var call = history.call
    if let nested = nodes[node].layer as? NestedNetwork, call > 0 {
      let isShifted =
        reader.kerasMajorVersion < 3 || isEnd && nested.network.kind == .functional
        || !own.indices.contains(call)
      if isShifted { call -= 1 }
    }
    guard own.indices.contains(call) else {
      throw reader.error(
        "the graph names call \(history.call) of layer '\(history.layer)', "
          + "which is called \(own.count) times")
    }
    return Network.ValueReference(call: own[call], output: history.output)
  }
}
