/// A model: layers, how they are connected, and their weights.
///
/// A directed acyclic graph. A layer that is shared is one `Node` with several `Call`s; a nested model
/// is a layer too (`NestedNetwork`). Shapes are checked when a network is made.
public struct Network: Sendable {
  /// A layer with its name and weights.
  public struct Node: Sendable {
    /// Unique in its network.
    public var name: String
    public var layer: any Layer
    /// In the order of the layer's `weights(_:)`; nil until loaded or initialised, empty where the layer
    /// has none.
    public var weights: [Tensor]?
    /// Whether training may change the weights: Keras's `trainable`.
    public var isTrainable: Bool
    /// How the weights begin, and what they add to the loss.
    public var options: WeightOptions

    public init(
      name: String, layer: any Layer, weights: [Tensor]? = nil, isTrainable: Bool = true,
      options: WeightOptions = WeightOptions()
    ) {
      self.name = name
      self.layer = layer
      self.weights = weights
      self.isTrainable = isTrainable
      self.options = options
    }
  }

  /// One use of a layer.
  public struct Call: Sendable {
    /// The index of the layer in `nodes`.
    public var node: Int
    public var inputs: [ValueReference]
    public var inputShapes: [Shape]
    public var outputShapes: [Shape]
  }

  /// An output of a call.
  public struct ValueReference: Hashable, Sendable {
    public var call: Int
    public var output: Int

    public init(call: Int, output: Int = 0) {
      self.call = call
      self.output = output
    }
  }

  /// What Keras calls the class of the model.
  public enum Kind: String, Sendable {
    case sequential = "Sequential"
    case functional = "Functional"
  }

  public var name: String
  public var kind: Kind
  public private(set) var nodes: [Node]
  /// Each behind those that it takes its inputs from.
  public private(set) var calls: [Call]
  /// The calls of input layers, in the order of the model's inputs.
  public private(set) var inputs: [ValueReference]
  public private(set) var outputs: [ValueReference]

  /// A network of layers and the calls that connect them.
  ///
  /// - Parameters:
  ///   - nodes: The layers, in the model's order.
  ///   - calls: For each use of a layer its index and its inputs, in any order.
  /// - Throws: `NetworkError`, where names repeat, the graph has a cycle, or shapes do not fit.
  public init(
    name: String, kind: Kind, nodes: [Node], calls: [(node: Int, inputs: [ValueReference])],
    inputs: [ValueReference], outputs: [ValueReference]
  ) throws {
    var names: Set<String> = []
    for node in nodes where !names.insert(node.name).inserted {
      throw NetworkError("two layers of the model '\(name)' have this name", layer: node.name)
    }
    let order = try Self.topologicalOrder(calls, nodes, model: name)
    var place = [Int](repeating: 0, count: calls.count)
    for (index, call) in order.enumerated() { place[call] = index }
    func moved(_ reference: ValueReference) -> ValueReference {
      ValueReference(call: place[reference.call], output: reference.output)
    }
    self.name = name
    self.kind = kind
    self.nodes = nodes
    self.inputs = inputs.map(moved)
    self.outputs = outputs.map(moved)
    self.calls = order.map {
      Call(
        node: calls[$0].node, inputs: calls[$0].inputs.map(moved), inputShapes: [],
        outputShapes: [])
    }
    guard !outputs.isEmpty else { throw NetworkError("the model '\(name)' has no outputs") }
    try inferShapes()
    for reference in self.inputs + self.outputs {
      guard hasValue(reference) else {
        throw NetworkError(
          "the model '\(name)' takes its output \(reference.output), which it does not have",
          layer: nodes[self.calls[reference.call].node].name)
      }
    }
  }

  /// Whether the layer that is called gives so many outputs.
  private func hasValue(_ reference: ValueReference) -> Bool {
    calls[reference.call].outputShapes.indices.contains(reference.output)
  }

  /// The shapes of the model's inputs, in order.
  public var inputShapes: [Shape] { inputs.map(shape) }

  /// The shapes of the model's outputs, in order.
  public var outputShapes: [Shape] { outputs.map(shape) }

  /// The names of the layers that give the model's inputs, in order.
  public var inputNames: [String] { inputs.map { nodes[calls[$0.call].node].name } }

  /// The names of the model's outputs, in order: those of their layers, numbered where one gives several.
  public var outputNames: [String] {
    var seen: [String: Int] = [:]
    return outputs.map { output in
      let name = nodes[calls[output.call].node].name
      let count = seen[name, default: 0]
      seen[name] = count + 1
      return count == 0 ? name : "\(name):\(count)"
    }
  }

  public func shape(_ reference: ValueReference) -> Shape {
    calls[reference.call].outputShapes[reference.output]
  }

  /// The indices of the layers that Keras lists: a `Sequential` does not show its input layer.
  public var listedNodes: [Int] {
    nodes.indices.filter { kind == .functional || !(nodes[$0].layer is InputLayer) }
  }

  /// The first call of a layer; nil where the layer is not used.
  public func firstCall(ofNode node: Int) -> Call? { calls.first { $0.node == node } }

  /// The same network for inputs of other sizes, such as fill the open ones.
  ///
  /// - Throws: `NetworkError`, where a size contradicts the model's.
  public func resized(inputShapes shapes: [Shape]) throws -> Network {
    precondition(shapes.count == inputs.count, "one shape for each input")
    var result = self
    for (reference, shape) in zip(inputs, shapes) {
      let node = calls[reference.call].node
      let declared = self.shape(reference)
      let fits =
        declared.rank == shape.rank
        && zip(declared.sizes, shape.sizes).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
      guard fits else {
        throw NetworkError(
          "the input has shape \(shape); the model expects \(declared)", layer: nodes[node].name)
      }
      result.nodes[node].layer = InputLayer(shape, name: nodes[node].name)
    }
    try result.inferShapes()
    return result
  }

  /// Sets the weights of a layer.
  ///
  /// - Throws: `NetworkError`, where their number or shapes are not the layer's.
  public mutating func setWeights(_ weights: [Tensor], ofNode index: Int) throws {
    let expected = try weightSpecifications(ofNode: index)
    let node = nodes[index]
    func error(_ message: String) -> NetworkError {
      NetworkError(message, layer: node.name, className: node.layer.className)
    }
    guard weights.count == expected.count else {
      throw error("it was given \(weights.count) weights; it has \(expected.count)")
    }
    for (weight, specification) in zip(weights, expected) where weight.shape != specification.shape
    {
      throw error(
        "its weight '\(specification.name)' has shape \(weight.shape); "
          + "expected \(specification.shape)")
    }
    nodes[index].weights = weights
  }

  /// Replaces a layer by one of the same shapes: a nested model by one with other weights.
  public mutating func replaceLayer(ofNode index: Int, by layer: any Layer) {
    nodes[index].layer = layer
  }

  /// Says whether training may change the weights of a layer, or of all layers of a nested model.
  ///
  /// - Parameter path: The layer's: `outer/inner` inside of a nested model.
  /// - Throws: `NetworkError` with all paths, where there is no such layer.
  public mutating func setTrainable(_ isTrainable: Bool, layer path: String) throws {
    let path = try layerPath(path)
    for index in nodes.indices {
      let name = nodes[index].name
      if name == path { nodes[index].isTrainable = isTrainable }
      guard var nested = nodes[index].layer as? NestedNetwork else { continue }
      for inner in nested.network.layerPaths where name == path || "\(name)/\(inner)" == path {
        try nested.network.setTrainable(isTrainable, layer: inner)
      }
      nodes[index].layer = nested
    }
  }

  /// Says how a layer's weights begin, and what they add to the loss.
  public mutating func setOptions(_ options: WeightOptions, ofNode index: Int) {
    nodes[index].options = options
  }

  /// The weights that a layer has, in Keras's order; none where it is not used.
  public func weightSpecifications(ofNode index: Int) throws -> [WeightSpecification] {
    guard let call = firstCall(ofNode: index) else { return [] }
    return try naming(index) { try nodes[index].layer.weights(call.inputShapes) }
  }

  private mutating func inferShapes() throws {
    for index in calls.indices {
      let call = calls[index]
      let shapes = try call.inputs.map { reference in
        guard hasValue(reference) else {
          throw NetworkError(
            "it takes output \(reference.output) of layer "
              + "'\(nodes[calls[reference.call].node].name)', which has no such output",
            layer: nodes[call.node].name)
        }
        return shape(reference)
      }
      calls[index].inputShapes = shapes
      calls[index].outputShapes = try naming(call.node) {
        let layer = nodes[call.node].layer
        let outputs = try layer.outputShapes(shapes)
        for output in outputs where output.known != nil && output.count == nil {
          throw LayerError("its output \(output) has more values than there can be")
        }
        for weight in try layer.weights(shapes) where weight.shape.productOfSizes == nil {
          throw LayerError(
            "its weight '\(weight.name)' of shape \(weight.shape) has more values than there can be"
          )
        }
        return outputs
      }
    }
  }

  /// Runs `body` and puts the layer's name to what it throws.
  func naming<Result>(_ node: Int, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as LayerError {
      throw NetworkError(
        error.message, layer: nodes[node].name, className: nodes[node].layer.className)
    } catch var error as NetworkError where nodes[node].layer is NestedNetwork {
      error.layer = error.layer.map { "\(nodes[node].name)/\($0)" } ?? nodes[node].name
      throw error
    }
  }

  /// An order of the calls in which each comes behind its inputs, by Kahn's algorithm; otherwise as
  /// given.
  private static func topologicalOrder(
    _ calls: [(node: Int, inputs: [ValueReference])], _ nodes: [Node], model: String
  ) throws -> [Int] {
    var waiting = calls.map(\.inputs.count)
    var users = [[Int]](repeating: [], count: calls.count)
    for (index, call) in calls.enumerated() {
      for input in call.inputs { users[input.call].append(index) }
    }
    var ready = calls.indices.filter { waiting[$0] == 0 }
    var order: [Int] = []
    var next = 0
    while next < ready.count {
      let call = ready[next]
      next += 1
      order.append(call)
      for user in users[call] {
        waiting[user] -= 1
        if waiting[user] == 0 { ready.append(user) }
      }
    }
    guard order.count == calls.count else {
      let stuck = calls.indices.first { waiting[$0] > 0 } ?? 0
      throw NetworkError(
        "the model '\(model)' has a cycle through it", layer: nodes[calls[stuck].node].name)
    }
    return order
  }
}
