import Network

/// A place for one weight of a network.
struct WeightSlot {
  /// The names of the layers inside of the node, from the outside in; empty for the node's own.
  var path: [String]
  var specification: WeightSpecification
  var isTrainable: Bool
  var value: Tensor?

  /// The weights of a node and of the nodes inside of it, in the order of the layers.
  static func all(
    ofNode index: Int, in network: Network, isTrainable: Bool = true, path: [String] = []
  ) throws -> [WeightSlot] {
    let node = network.nodes[index]
    let isTrainable = isTrainable && node.isTrainable
    if let nested = node.layer as? NestedNetwork {
      return try nested.network.nodes.indices.flatMap { inner in
        try all(
          ofNode: inner, in: nested.network, isTrainable: isTrainable,
          path: path + [nested.network.nodes[inner].name])
      }
    }
    return try network.weightSpecifications(ofNode: index).map {
      WeightSlot(path: path, specification: $0, isTrainable: isTrainable && $0.isTrainable)
    }
  }

  /// Puts the values where they belong; the slots are those of `all`.
  static func assign(
    _ slots: ArraySlice<WeightSlot>, toNode index: Int, in network: inout Network
  ) throws {
    if var nested = network.nodes[index].layer as? NestedNetwork {
      var rest = slots
      for inner in nested.network.nodes.indices {
        let count = try all(ofNode: inner, in: nested.network).count
        try assign(rest.prefix(count), toNode: inner, in: &nested.network)
        rest = rest.dropFirst(count)
      }
      network.replaceLayer(ofNode: index, by: nested)
    } else {
      try network.setWeights(slots.compactMap(\.value), ofNode: index)
    }
  }

  static func list(_ slots: [WeightSlot]) -> String {
    slots.map { ($0.path + [$0.specification.name]).joined(separator: "/") }
      .joined(separator: ", ")
  }
}
