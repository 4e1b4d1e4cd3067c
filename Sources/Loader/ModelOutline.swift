import Network

/// What can be said of a model whose layers are not all supported: its layers, their connections, and
/// their shapes as far as they can be followed.
public struct ModelOutline: Sendable {
  /// A layer of the model.
  public struct Layer: Sendable {
    public var name: String
    /// Keras's class of it, or one of the user's own.
    public var className: String
    /// The shapes of the outputs of its first use; nil where they are not known.
    public var outputShapes: [Shape]?
    /// The number of weights, from the file where the layer is not supported; nil where it has none of
    /// that layer.
    public var parameters: (trainable: Int, fixed: Int)?
    /// The layers that it takes its inputs from, with which of their outputs.
    public var inputs: [(layer: String, output: Int)]
    /// Why the layer cannot be computed; nil where it can.
    public var problem: String?
  }

  public var name: String
  public var kind: Network.Kind
  public var layers: [Layer]
  /// Whether the file has weights, too.
  public var hasWeights: Bool
  /// Why the connections are not known; nil where they are.
  public var problem: String?

  /// Describes a model as far as that is possible, whether it can be loaded or not.
  ///
  /// - Throws: `LoadError`, where there is no architecture to be read.
  public init(
    contentsOf path: String, architecture: String? = nil, custom: [String: String] = [:]
  ) throws {
    let source = try ModelSource(path, architecture: architecture, custom: custom)
    var reader = source.reader
    reader.keepsUnsupported = true
    let graph = try reader.graph(source.architecture.model)
    name = graph.name
    kind = graph.kind
    problem = graph.problem
    hasWeights = source.file.weights != nil
    layers = []
    let stored = Self.storedCounts(path)
    let shapes = OutlineShapes(graph)
    let callsOfNode = Dictionary(grouping: graph.calls.indices) { graph.calls[$0].node }
    for (index, node) in graph.nodes.enumerated()
    where graph.kind == .functional || !(node.layer is InputLayer) {
      let calls = callsOfNode[index] ?? []
      let call = calls.first
      var layer = Layer(
        name: node.name, className: node.layer.className,
        outputShapes: call.flatMap { shapes.outputs[$0] },
        inputs: calls.flatMap { graph.calls[$0].inputs }.map {
          (graph.nodes[graph.calls[$0.call].node].name, $0.output)
        })
      layer.problem = (node.layer as? UnsupportedLayer)?.reason
      layer.parameters = call.flatMap { Self.count(node, inputs: shapes.inputs[$0]) }
      if layer.parameters == nil, let count = stored[node.name] {
        layer.parameters = node.isTrainable ? (count, 0) : (0, count)
      }
      layers.append(layer)
    }
  }

  /// The number of weights in the file for each of its layers.
  private static func storedCounts(_ path: String) -> [String: Int] {
    var result: [String: Int] = [:]
    for entry in (try? StoredWeights(contentsOf: path))?.entries ?? [] {
      let layer = entry.name.split(separator: "/").first.map(String.init) ?? ""
      let count = entry.shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
      result[layer, default: 0] &+= count
    }
    return result
  }

  private static func count(
    _ node: Network.Node, inputs: [Shape]?
  ) -> (trainable: Int, fixed: Int)? {
    guard !(node.layer is UnsupportedLayer) else { return nil }
    var result = (trainable: 0, fixed: 0)
    if let nested = node.layer as? NestedNetwork {
      guard let count = try? nested.network.parameterCount() else { return nil }
      result = count
    } else {
      guard let inputs, let weights = try? node.layer.weights(inputs) else { return nil }
      for weight in weights {
        if weight.isTrainable {
          result.trainable += weight.count
        } else {
          result.fixed += weight.count
        }
      }
    }
    return node.isTrainable ? result : (0, result.trainable + result.fixed)
  }
}

/// The shapes of a graph's values as far as they can be followed from its inputs.
private struct OutlineShapes {
  /// For each call the shapes of its outputs; nil where they are not known.
  private(set) var outputs: [[Shape]?]
  /// For each call the shapes of its inputs; nil where one is not known.
  private(set) var inputs: [[Shape]?]

  init(_ graph: ModelGraph) {
    outputs = Array(repeating: nil, count: graph.calls.count)
    inputs = outputs
    var users = [[Int]](repeating: [], count: graph.calls.count)
    var waiting = graph.calls.map(\.inputs.count)
    for (index, call) in graph.calls.enumerated() {
      for input in call.inputs { users[input.call].append(index) }
    }
    var ready = graph.calls.indices.filter { waiting[$0] == 0 }
    while let index = ready.popLast() {
      let call = graph.calls[index]
      let shapes = call.inputs.map { reference -> Shape? in
        guard let known = outputs[reference.call], known.indices.contains(reference.output)
        else { return nil }
        return known[reference.output]
      }
      let known = shapes.compactMap { $0 }
      if known.count == shapes.count {
        inputs[index] = known
        outputs[index] = try? graph.nodes[call.node].layer.outputShapes(known)
      }
      for user in users[index] {
        waiting[user] -= 1
        if waiting[user] == 0 { ready.append(user) }
      }
    }
  }
}
