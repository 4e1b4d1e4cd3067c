import Network

/// Reads the weights of a network's layers from the groups of a file.
struct WeightReader {
  let group: HDF5Group
  /// Without the layer's group, a layer with weights is an error.
  let layerNames: Set<String>

  init(_ group: HDF5Group) throws(LoadError) {
    self.group = group
    guard let names = try group.splitStrings("layer_names") else {
      throw LoadError(
        file: group.file.path,
        "its weights have no attribute 'layer_names'; the file may be damaged")
    }
    layerNames = Set(names)
  }

  /// Sets the weights of all layers.
  func read(into network: inout Network) throws {
    for index in network.nodes.indices {
      let name = network.nodes[index].name
      var slots = try Slot.all(ofNode: index, in: network, isTrainable: true)
      if slots.isEmpty { continue }
      guard layerNames.contains(name), group.contains(name) else {
        throw error("layer '\(name)' has no weights in the file; expected \(Slot.list(slots))")
      }
      let layer = try group.group(name)
      let stored = try layer.splitStrings("weight_names") ?? []
      guard stored.count == slots.count else {
        throw error(
          "layer '\(name)' has \(stored.count) weights in the file "
            + "(\(stored.joined(separator: ", "))); expected \(slots.count): \(Slot.list(slots))")
      }
      let order = Self.match(stored, slots)
      for (slot, position) in order.enumerated() {
        let tensor = try layer.tensor(stored[position])
        guard tensor.shape == slots[slot].specification.shape else {
          throw error(
            "weight '\(stored[position])' of layer '\(name)' has shape \(tensor.shape); "
              + "the layer's \(slots[slot].specification.name) needs "
              + "\(slots[slot].specification.shape)")
        }
        slots[slot].value = tensor
      }
      try Slot.assign(slots[...], toNode: index, in: &network)
    }
  }

  /// For each slot the position of its weight in the file.
  ///
  /// By name, where every slot finds its own: the order in a nested model depends on what was frozen.
  /// Else by order, trainable weights before the others, which is what Keras itself goes by.
  static func match(_ stored: [String], _ slots: [Slot]) -> [Int] {
    let names = stored.map { name -> [Substring] in
      let parts = name.split(separator: "/")
      guard let last = parts.last else { return [] }
      return parts.dropLast() + [last.split(separator: ":").first ?? last]
    }
    var taken: Set<Int> = []
    var result: [Int] = []
    for slot in slots {
      let wanted = slot.path.map { Substring($0) } + [Substring(slot.specification.name)]
      let candidates = names.indices.filter {
        !taken.contains($0) && Self.isSame(names[$0], wanted)
      }
      guard candidates.count == 1 else { return Self.byOrder(slots) }
      taken.insert(candidates[0])
      result.append(candidates[0])
    }
    return result
  }

  /// Whether a weight's name ends in what is wanted: the weight, and inside of a model its layer.
  private static func isSame(_ name: [Substring], _ wanted: [Substring]) -> Bool {
    guard let last = name.last, let weight = wanted.last else { return false }
    // Keras 2 calls a depthwise kernel `depthwise_kernel`.
    guard last == weight || last == "depthwise_\(weight)" && weight == "kernel" else {
      return false
    }
    guard wanted.count > 1 else { return true }
    return name.dropLast().last == wanted.dropLast().last
  }

  private static func byOrder(_ slots: [Slot]) -> [Int] {
    let order =
      slots.indices.filter { slots[$0].isTrainable }
      + slots.indices.filter { !slots[$0].isTrainable }
    var result = [Int](repeating: 0, count: slots.count)
    for (position, slot) in order.enumerated() { result[slot] = position }
    return result
  }

  private func error(_ message: String) -> LoadError {
    LoadError(file: group.file.path, message)
  }

  /// A place for one weight.
  struct Slot {
    /// The names of the layers inside of the node, from the outside in; empty for the node's own.
    var path: [String]
    var specification: WeightSpecification
    var isTrainable: Bool
    var value: Tensor?

    /// The weights of a node and of the nodes inside of it, in the order of the layers.
    static func all(
      ofNode index: Int, in network: Network, isTrainable: Bool, path: [String] = []
    ) throws -> [Slot] {
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
        Slot(path: path, specification: $0, isTrainable: isTrainable && $0.isTrainable)
      }
    }

    /// Puts the values where they belong; the slots are those of `all`.
    static func assign(
      _ slots: ArraySlice<Slot>, toNode index: Int, in network: inout Network
    ) throws {
      if var nested = network.nodes[index].layer as? NestedNetwork {
        var rest = slots
        for inner in nested.network.nodes.indices {
          let count = try all(ofNode: inner, in: nested.network, isTrainable: true).count
          try assign(rest.prefix(count), toNode: inner, in: &nested.network)
          rest = rest.dropFirst(count)
        }
        network.replaceLayer(ofNode: index, by: nested)
      } else {
        try network.setWeights(slots.compactMap(\.value), ofNode: index)
      }
    }

    static func list(_ slots: [Slot]) -> String {
      slots.map { ($0.path + [$0.specification.name]).joined(separator: "/") }
        .joined(separator: ", ")
    }
  }
}
