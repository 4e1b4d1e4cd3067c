/// Makes a network of the layers between its inputs and outputs.
///
/// Reads as in Keras, and any directed acyclic graph can be written so:
///
///     let left = Input([28, 28, 1])
///     let right = Input([28, 28, 1])
///     let shared = Conv2D(8, kernel: 3).shared()
///     let sum = Add()(shared(left), shared(right))
///     let network = try Functional(inputs: [left, right], outputs: [sum])
///
/// - Throws: `NetworkError`, where shapes do not fit or an input is not given.
// It reads as Keras does.
// swift-format-ignore: AlwaysUseLowerCamelCase
public func Functional(
  inputs: [SymbolicTensor], outputs: [SymbolicTensor], name: String = "functional"
) throws -> Network {
  var graph = FunctionalGraph()
  // Inputs first, so that they are numbered in the order in which they are given.
  let inputReferences = inputs.map { graph.visit($0) }
  let outputReferences = outputs.map { graph.visit($0) }
  let given = Set(inputReferences)
  for (index, call) in graph.calls.enumerated()
  where call.inputs.isEmpty && !given.contains(Network.ValueReference(call: index)) {
    throw NetworkError(
      "an output needs this input, which is not among the model's inputs",
      layer: graph.nodes[call.node].name)
  }
  return try Network(
    name: name, kind: .functional, nodes: graph.nodes, calls: graph.calls,
    inputs: inputReferences, outputs: outputReferences)
}

/// An input of a `Functional` network, of a shape without the batch.
// It reads as Keras does.
// swift-format-ignore: AlwaysUseLowerCamelCase
public func Input(_ shape: Shape, name: String? = nil) -> SymbolicTensor {
  SymbolicTensor(SharedLayer(InputLayer(shape, name: name)), inputs: [])
}

/// A value of a network that is being written down; a reference, so that a value used twice is one.
public final class SymbolicTensor: Sendable {
  let layer: SharedLayer
  let inputs: [SymbolicTensor]

  init(_ layer: SharedLayer, inputs: [SymbolicTensor]) {
    self.layer = layer
    self.inputs = inputs
  }
}

/// A layer that may be called several times, with the same weights each time.
public final class SharedLayer: Sendable {
  public let layer: any Layer

  public init(_ layer: any Layer) { self.layer = layer }

  public func callAsFunction(_ inputs: SymbolicTensor...) -> SymbolicTensor {
    SymbolicTensor(self, inputs: inputs)
  }
}

extension Layer {
  /// Connects the layer to its inputs; weights of its own for each such call.
  public func callAsFunction(_ inputs: SymbolicTensor...) -> SymbolicTensor {
    SymbolicTensor(SharedLayer(self), inputs: inputs)
  }

  /// The layer as one that several values may go through.
  public func shared() -> SharedLayer { SharedLayer(self) }
}

/// The calls found by going from the outputs back to the inputs.
private struct FunctionalGraph {
  var nodes: [Network.Node] = []
  var calls: [(node: Int, inputs: [Network.ValueReference])] = []
  private var counter = NameCounter()
  private var nodeIndices: [ObjectIdentifier: Int] = [:]
  private var callIndices: [ObjectIdentifier: Int] = [:]

  mutating func visit(_ tensor: SymbolicTensor) -> Network.ValueReference {
    if let call = callIndices[ObjectIdentifier(tensor)] {
      return Network.ValueReference(call: call)
    }
    let inputs = tensor.inputs.map { visit($0) }
    let node: Int
    if let known = nodeIndices[ObjectIdentifier(tensor.layer)] {
      node = known
    } else {
      node = nodes.count
      nodeIndices[ObjectIdentifier(tensor.layer)] = node
      let layer = tensor.layer.layer
      nodes.append(
        Network.Node(
          name: counter.name(for: layer), layer: layer, weights: layer is InputLayer ? [] : nil))
    }
    let call = calls.count
    calls.append((node: node, inputs: inputs))
    callIndices[ObjectIdentifier(tensor)] = call
    return Network.ValueReference(call: call)
  }
}
