import Network

/// Reads the weights of a network's layers from the groups that all versions write into `.h5`: one for
/// each layer.
struct WeightReader {
  let group: HDF5Group
  let facts: [String: LayerFacts]
  let conversion: WeightConversion
  /// The layers of the file in the model's order.
  private let layerNames: [String]

  init(
    _ group: HDF5Group, facts: [String: LayerFacts], conversion: WeightConversion
  ) throws(LoadError) {
    self.group = group
    self.facts = facts
    self.conversion = conversion
    guard let names = try group.splitStrings("layer_names") else {
      throw LoadError(
        file: group.file.path,
        "its weights have no attribute 'layer_names'; the file may be damaged")
    }
    guard Set(names).count == names.count else {
      throw LoadError(
        file: group.file.path, "its attribute 'layer_names' has a name twice; the file is damaged")
    }
    layerNames = names
  }

  /// Sets the weights of all layers.
  func read(into network: inout Network) throws {
    let groups = try groupNames(for: network)
    for index in network.nodes.indices {
      var slots = try WeightSlot.all(ofNode: index, in: network)
      if slots.isEmpty { continue }
      let name = network.nodes[index].name
      guard let groupName = groups[index] else {
        throw error(
          "layer '\(name)' has no weights in the file; expected \(WeightSlot.list(slots))")
      }
      try fill(&slots, ofLayer: name, from: try group.group(groupName))
      try WeightSlot.assign(slots[...], toNode: index, in: &network)
    }
  }

  /// For each node that has weights the group that has them.
  ///
  /// By name, where all are there. An architecture from elsewhere may have other names, since Keras
  /// numbers them from one model to the next; then by order, as Keras itself does.
  private func groupNames(for network: Network) throws -> [Int: String] {
    let nodes = try network.nodes.indices.filter {
      try !WeightSlot.all(ofNode: $0, in: network).isEmpty
    }
    let known = Set(layerNames)
    let byName = nodes.filter {
      known.contains(network.nodes[$0].name) && group.contains(network.nodes[$0].name)
    }
    var result: [Int: String] = [:]
    for node in byName { result[node] = network.nodes[node].name }
    if byName.count == nodes.count { return result }
    let stored = try layerNames.filter { name in
      guard group.contains(name) else { return false }
      return try !(group.group(name).splitStrings("weight_names") ?? []).isEmpty
    }
    // Where some names are the same, the others are missing rather than called otherwise.
    guard stored.count == nodes.count else {
      if byName.count * 2 >= nodes.count || stored.isEmpty { return result }
      throw error(
        "it has weights for \(stored.count) layers (\(Self.brief(stored))); the architecture has "
          + "\(nodes.count) layers with weights (\(Self.brief(nodes.map { network.nodes[$0].name })))"
      )
    }
    return Dictionary(uniqueKeysWithValues: zip(nodes, stored))
  }

  private static func brief(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }

  private func fill(
    _ slots: inout [WeightSlot], ofLayer name: String, from layer: HDF5Group
  ) throws {
    let names = try layer.splitStrings("weight_names") ?? []
    // At most as many as Keras 1 stored where there is one matrix now.
    guard names.count <= 4 * slots.count else { throw wrongCount(names, slots, name) }
    var stored: [StoredWeight] = []
    for name in names { stored.append(StoredWeight(name: name, tensor: try layer.tensor(name))) }
    stored = conversion.joiningGates(stored)
    stored = StoredWeight.mergingLowRank(stored) { alpha(ofLayer: $0, in: name) }
    guard stored.count == slots.count else { throw wrongCount(stored.map(\.name), slots, name) }
    let order = Self.match(stored.map(\.name), slots)
    for (slot, position) in order.enumerated() {
      let specification = slots[slot].specification
      let path = ([name] + slots[slot].path).joined(separator: "/")
      let tensor = conversion.converted(
        stored[position], of: facts[path], for: specification)
      guard tensor.shape == specification.shape else {
        throw error(
          "weight '\(stored[position].name)' of layer '\(name)' has shape \(tensor.shape); "
            + "the layer's \(specification.name) needs \(specification.shape)")
      }
      slots[slot].value = tensor
    }
  }

  /// What the layer of a name, within the node, multiplies its adaptation of low rank by.
  private func alpha(ofLayer inner: Substring, in node: String) -> Double? {
    if let own = facts[node]?.lowRankAlpha { return own }
    return facts.first { $0.key.hasPrefix("\(node)/") && $0.key.hasSuffix("/\(inner)") }?
      .value.lowRankAlpha
  }

  private func wrongCount(_ names: [String], _ slots: [WeightSlot], _ layer: String) -> LoadError {
    error(
      "layer '\(layer)' has \(names.count) weights in the file "
        + "(\(Self.brief(names))); expected \(slots.count): \(WeightSlot.list(slots))")
  }

  /// For each slot the position of its weight in the file.
  ///
  /// By name, where every slot finds its own: the order in a nested model depends on what was frozen.
  /// Else by order, trainable weights before the others, which is what Keras itself goes by.
  static func match(_ stored: [String], _ slots: [WeightSlot]) -> [Int] {
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

  private static func byOrder(_ slots: [WeightSlot]) -> [Int] {
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
}
