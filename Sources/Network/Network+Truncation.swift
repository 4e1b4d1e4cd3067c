extension Network {
  /// The part of the network that computes a layer: its outputs become the network's, and layers and inputs
  /// that they do not depend on are gone.
  ///
  /// - Parameter layer: The layer's path or index, as `layerPath` takes it; inside of a nested model,
  ///   `outer/inner`, that model ends there, too. Of a layer that is used several times it is the first use.
  /// - Throws: `NetworkError` with all paths, where there is no such layer.
  public func truncated(after layer: String) throws -> Network {
    try truncated(afterPath: try layerPath(layer)[...]).network
  }

  /// - Returns: The part, and the places of its inputs among the network's.
  private func truncated(afterPath path: Substring) throws -> (network: Network, inputs: [Int]) {
    guard let last = nodes.firstIndex(where: { path == $0.name || path.hasPrefix($0.name + "/") }),
      let end = calls.firstIndex(where: { $0.node == last })
    else { throw NetworkError("it is not used in the model '\(name)'", layer: String(path)) }
    var nodes = nodes
    var graph = calls[...end].map { (node: $0.node, inputs: $0.inputs) }
    var outputCount = calls[end].outputShapes.count
    if path != nodes[last].name, var nested = nodes[last].layer as? NestedNetwork {
      let part = try nested.network.truncated(afterPath: path.dropFirst(nodes[last].name.count + 1))
      nested.network = part.network
      nodes[last].layer = nested
      graph[end].inputs = part.inputs.map { graph[end].inputs[$0] }
      outputCount = part.network.outputs.count
    }
    var isKept = graph.indices.map { $0 == end }
    for call in graph.indices.reversed() where isKept[call] {
      for input in graph[call].inputs { isKept[input.call] = true }
    }
    let keptCalls = graph.indices.filter { isKept[$0] }
    let usedNodes = Set(keptCalls.map { graph[$0].node })
    let keptNodes = nodes.indices.filter(usedNodes.contains)
    let keptInputs = inputs.indices.filter { inputs[$0].call <= end && isKept[inputs[$0].call] }
    let callPlaces = Dictionary(uniqueKeysWithValues: zip(keptCalls, keptCalls.indices))
    let nodePlaces = Dictionary(uniqueKeysWithValues: zip(keptNodes, keptNodes.indices))
    func moved(_ reference: ValueReference) -> ValueReference {
      ValueReference(call: callPlaces[reference.call, default: 0], output: reference.output)
    }
    let network = try Network(
      name: name, kind: kind, nodes: keptNodes.map { nodes[$0] },
      calls: keptCalls.map { call in
        (node: nodePlaces[graph[call].node, default: 0], inputs: graph[call].inputs.map(moved))
      },
      inputs: keptInputs.map { moved(inputs[$0]) },
      outputs: (0..<outputCount).map { moved(ValueReference(call: end, output: $0)) })
    return (network, keptInputs)
  }
}
