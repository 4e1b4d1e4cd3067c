import Network

/// Reads how the layers of a Functional model are connected: `inbound_nodes`, `input_layers`,
/// `output_layers`.
struct GraphReader {
  private let reader: ModelReader
  /// The layers; one more for each further call of an operation, whose arguments may differ.
  private(set) var nodes: [Network.Node]
  private let nodeByName: [String: Int]
  /// For each layer its calls, as indices into `calls`.
  private var callsOfNode: [[Int]] = []
  private(set) var calls: [(node: Int, inputs: [Network.ValueReference])] = []

  /// A place in the graph as files write it: layer, which of its calls, which of its outputs.
  struct History {
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
    let names = Set(nodeByName.keys)
    var histories: [[History]] = []
    for (index, entry) in entries.enumerated() {
      var own: [Int] = []
      if nodes[index].layer is InputLayer {
        own.append(calls.count)
        calls.append((node: index, inputs: []))
        histories.append([])
      } else {
        for inbound in entry["inbound_nodes"]?.list ?? [] {
          let call = try CallReader(inbound, layer: nodes[index].name, names: names, reader)
          var node = index
          if let operation = try operation(nodes[index], call) {
            node = own.isEmpty ? index : self.nodes.count
            let name = nodes[index].name + (own.isEmpty ? "" : ":\(own.count)")
            if !own.isEmpty { self.nodes.append(Network.Node(name: name, layer: operation)) }
            self.nodes[node].layer = operation
          }
          own.append(calls.count)
          calls.append((node: node, inputs: []))
          histories.append(call.histories)
        }
      }
      callsOfNode.append(own)
    }
    for index in calls.indices {
      calls[index].inputs = try histories[index].map { try resolve($0, isEnd: false) }
    }
  }

  /// The operation that a layer is, with the arguments of a call: one by its class, or one that is called
  /// with a constant, which the layer of the same name does not take.
  private func operation(
    _ node: Network.Node, _ call: CallReader
  ) throws -> TensorOperation? {
    var operation: TensorOperation
    if let own = node.layer as? TensorOperation {
      operation = own
    } else if node.layer is Merging || node.layer is Add, call.histories.count < 2,
      call.holdsConstants
    {
      operation = try TensorOperation(
        LayerConfiguration(className: node.layer.className, values: [:]))
    } else {
      try call.checkKeywords(of: node.layer)
      return nil
    }
    // A node of TensorFlow's graph says its arguments in its configuration.
    if operation.arguments.isEmpty {
      operation.arguments = call.arguments
      operation.keywords.merge(call.keywords) { _, new in new }
    }
    guard operation.inputCount <= call.histories.count else {
      throw reader.error(
        "layer '\(node.name)' is called with \(call.histories.count) inputs; its operation takes "
          + "\(operation.inputCount), so the file may be damaged")
    }
    operation.name = node.name
    return operation
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

  static func history(_ value: ModelReader.Value) -> History? {
    guard let list = value.list, list.count >= 3, case .string(let layer) = list[0],
      let call = list[1].integer, let output = list[2].integer
    else { return nil }
    return History(layer: layer, call: call, output: output)
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
    if let nested = nodes[node].layer as? NestedNetwork, !nested.isTimeDistributed, call > 0 {
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
