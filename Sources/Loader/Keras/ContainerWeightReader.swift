import Network

/// Reads the weights of a network's layers from the groups of Keras 3's `.weights.h5` and `.keras`.
///
/// A group is named after the layer's class, numbered within its model: `layers/conv2d_1/vars/0`. Layers
/// inside of a layer have groups within it: `layers/lstm/cell/vars/0`.
struct ContainerWeightReader {
  let facts: [String: LayerFacts]

  /// Sets the weights of all layers.
  ///
  /// - Parameter container: The group of the model's layers.
  func read(_ container: HDF5Group, into network: inout Network) throws {
    try read(container, into: &network, prefix: "")
  }

  private func read(
    _ container: HDF5Group, into network: inout Network, prefix: String
  ) throws {
    var counts: [String: Int] = [:]
    var groupsByName: [String: String]?
    for index in network.nodes.indices {
      let node = network.nodes[index]
      let path = prefix + node.name
      // An input that the loader put in front has no group.
      guard let layerFacts = facts[path] else { continue }
      let base = NameCounter.snakeCase(layerFacts.outerClassName)
      let count = counts[base, default: 0]
      counts[base] = count + 1
      if try WeightSlot.all(ofNode: index, in: network).isEmpty { continue }
      var name = count == 0 ? base : "\(base)_\(count)"
      if !container.contains(name) {
        // Written by another class of the same layers: newer files tell the layer's name as well.
        if groupsByName == nil { groupsByName = try Self.groupsByName(container) }
        guard let other = groupsByName?[node.name] else {
          throw error(
            container,
            "layer '\(path)' has no weights in the file: there is no "
              + "'\(container.place)\(name)'")
        }
        name = other
      }
      let group = try container.group(name)
      if var nested = node.layer as? NestedNetwork {
        let layers = nested.isTimeDistributed ? "layer/layers" : "layers"
        try read(try group.group(layers), into: &nested.network, prefix: path + "/")
        network.replaceLayer(ofNode: index, by: nested)
      } else {
        let specifications = try network.weightSpecifications(ofNode: index)
        let weights = try self.weights(specifications, from: group, path: path)
        try network.setWeights(weights, ofNode: index)
      }
    }
  }

  /// The groups of layers by the names of the layers, which files tell since Keras 3.6 or so.
  private static func groupsByName(_ container: HDF5Group) throws -> [String: String] {
    var result: [String: String] = [:]
    for name in try container.names() where container.contains("\(name)/vars") {
      if let layer = try container.group("\(name)/vars").string("name") { result[layer] = name }
    }
    return result
  }

  /// The weights of a layer in the order of its specifications.
  private func weights(
    _ specifications: [WeightSpecification], from group: HDF5Group, path: String
  ) throws -> [Tensor] {
    var walk = ContainerWalk(group)
    var stored = try walk.weights()
    var result: [Tensor] = []
    for specification in specifications {
      guard let position = Self.best(stored, specification) else {
        let found = stored.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
        throw error(
          group,
          "layer '\(path)' has no weight of shape \(specification.shape) for its "
            + "\(specification.name) in '\(group.path)'; left there: "
            + (found.isEmpty ? "nothing" : found))
      }
      result.append(try group.tensor(stored.remove(at: position).name))
    }
    return result
  }

  /// The first of the weights of that shape, among those whose groups have most of the name: a query's
  /// kernel and a key's are in groups of their own, and of one shape.
  private static func best(
    _ stored: [ContainerWalk.Weight], _ specification: WeightSpecification
  ) -> Int? {
    let words = Set(specification.name.split { $0 == "/" || $0 == "_" })
    var best: (position: Int, score: Int)?
    for (position, weight) in stored.enumerated() where weight.shape == specification.shape {
      let score = weight.name.split { $0 == "/" || $0 == "_" }.count { words.contains($0) }
      if score > best?.score ?? -1 { best = (position, score) }
    }
    return best?.position
  }

  private func error(_ group: HDF5Group, _ message: String) -> LoadError {
    LoadError(file: group.file.path, message)
  }
}

/// Lists the weights of a group and of the groups in it.
struct ContainerWalk {
  /// A weight by its path within the group.
  struct Weight {
    var name: String
    var shape: [Int]
    /// The same with the layers' own names, where the file tells them.
    var label: String
  }

  /// Deeper than layers within layers go.
  private static let deepest = 32

  private let group: HDF5Group
  private let leftOut: Set<String>
  private var seen: Set<Int> = []
  private var result: [Weight] = []

  /// Generators of random numbers keep a state like a weight, which no layer here has.
  init(_ group: HDF5Group, leavingOut names: Set<String> = []) {
    self.group = group
    leftOut = names.union(["vars", "seed_generator"])
  }

  /// The group's own weights first, by their numbers; then those of its groups, in the file's order.
  mutating func weights() throws(LoadError) -> [Weight] {
    try visit(group, "", "", 0)
    return result
  }

  private mutating func visit(
    _ current: HDF5Group, _ prefix: String, _ label: String, _ depth: Int
  ) throws(LoadError) {
    guard depth <= Self.deepest else {
      throw LoadError(
        file: current.file.path, "the groups in '\(group.path)' are nested beyond all measure")
    }
    if try current.object("vars")?.kind == .group {
      let own = try current.group("vars")
      // Sorted by number: 10 comes behind 2.
      for number in try own.names().compactMap({ Int($0) }).sorted() {
        guard try own.object(String(number))?.kind == .dataset else { continue }
        result.append(
          Weight(
            name: "\(prefix)vars/\(number)", shape: try own.shape(String(number)),
            label: "\(label)\(number)"))
      }
    }
    // A Bidirectional layer's weights begin with those of the layer that goes forwards.
    let names = try current.names().filter { !leftOut.contains($0) }
    let ordered =
      names.filter { $0 != "backward_layer" } + names.filter { $0 == "backward_layer" }
    for name in ordered {
      // Hard links may lead back to where the walk has been.
      guard let object = try current.object(name), object.kind == .group,
        seen.insert(object.place).inserted
      else { continue }
      let next = try current.group(name)
      let isContainer = name == "layers" || name == "_layer_checkpoint_dependencies"
      var nextLabel = isContainer ? label : "\(label)\(name)/"
      if current.path.hasSuffix("layers"), try next.object("vars")?.kind == .group,
        let layer = try next.group("vars").string("name"), !layer.isEmpty
      {
        nextLabel = "\(label)\(layer)/"
      }
      try visit(next, "\(prefix)\(name)/", nextLabel, depth + 1)
    }
  }
}
