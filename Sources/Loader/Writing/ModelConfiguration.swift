import Network

/// Makes the configuration that Keras builds a model of: its layers and their connections.
///
/// What Keras 3 reads has each layer's module, which its own `.h5` files leave out, so that it finds
/// operations and takes no text for the name of a function. What Keras 2 reads has none, since Keras 2
/// did not write any before 2.13.
struct ModelConfiguration {
  typealias Value = LayerConfiguration.Value

  let kerasMajorVersion: Int
  /// The names of the models that this one is in, each with a slash behind it.
  private var prefix = ""
  /// Whether the models that this one is in may be trained.
  private var isTrainable = true

  init(kerasMajorVersion: Int) { self.kerasMajorVersion = kerasMajorVersion }

  private var isKeras3: Bool { kerasMajorVersion >= 3 }

  /// A model: `{"class_name": …, "config": …}`.
  ///
  /// - Throws: `NetworkError`, where this version of Keras has no layer that computes what one does.
  func model(_ network: Network) throws -> Value { .object(try entry(of: network)) }

  private func entry(of network: Network) throws -> [String: Value] {
    var config: [String: Value] = [
      "name": .string(KerasNames.name(network.name, kerasMajorVersion: kerasMajorVersion))
    ]
    let order = KerasOrder(network)
    let names = KerasNames(network, kerasMajorVersion: kerasMajorVersion).names
    switch network.kind {
    case .sequential:
      config["layers"] = .list(
        try order.nodes.map { .object(try layer($0, of: network, named: names[$0])) })
      if isKeras3, let input = network.inputShapes.first {
        config["build_input_shape"] = Self.batchShape(input)
      }
    case .functional:
      let graph = GraphConfiguration(network, order, kerasMajorVersion: kerasMajorVersion)
      config["layers"] = .list(
        try order.nodes.map { node in
          var entry = try layer(node, of: network, named: names[node])
          entry["name"] = .string(names[node])
          entry["inbound_nodes"] = try naming(network.nodes[node]) {
            .list(try graph.calls(ofNode: node))
          }
          return .object(entry)
        })
      config["input_layers"] = graph.ends(network.inputs)
      config["output_layers"] = graph.ends(network.outputs)
    }
    var entry: [String: Value] = [
      "class_name": .string(network.kind.rawValue), "config": .object(config),
    ]
    if isKeras3 {
      let isFunctional = network.kind == .functional
      entry["module"] = .string(isFunctional ? "keras.src.models.functional" : "keras")
      entry["registered_name"] = isFunctional ? .string("Functional") : .null
    }
    return entry
  }

  /// A layer, or a model used as one.
  private func layer(
    _ index: Int, of network: Network, named name: String
  ) throws -> [String: Value] {
    let node = network.nodes[index]
    let isTrainable = self.isTrainable && node.isTrainable
    if let nested = node.layer as? NestedNetwork {
      var inner = self
      inner.prefix += node.name + "/"
      inner.isTrainable = isTrainable
      if nested.isTimeDistributed {
        return inTime(name, try inner.entry(of: nested.network), isTrainable: isTrainable)
      }
      var network = nested.network
      network.name = name
      return try inner.entry(of: network)
    }
    let layer = KerasLayer(node.layer, kerasMajorVersion: kerasMajorVersion)
    var values = try naming(node) { try layer.configuration() }
    if !layer.isOperation {
      let options = node.options.configuration(
        of: try network.weightSpecifications(ofNode: index), kerasMajorVersion: kerasMajorVersion)
      values.merge(options) { own, _ in own }
    }
    values["name"] = .string(name)
    if layer.hasTrainable { values["trainable"] = .bool(isTrainable) }
    if layer.hasType { values["dtype"] = .string("float32") }
    var entry: [String: Value] = [
      "class_name": .string(layer.className), "config": .object(values),
    ]
    if isKeras3 {
      entry["module"] = layer.module.map { .string($0) } ?? .null
      entry["registered_name"] = layer.registeredName.map { .string($0) } ?? .null
    }
    return entry
  }

  /// A layer that applies a model to each step of a sequence.
  private func inTime(
    _ name: String, _ model: [String: Value], isTrainable: Bool
  ) -> [String: Value] {
    var entry: [String: Value] = [
      "class_name": .string(TimeDistributed.className),
      "config": .object([
        "name": .string(name), "trainable": .bool(isTrainable), "dtype": .string("float32"),
        "layer": .object(model),
      ]),
    ]
    if isKeras3 {
      entry["module"] = .string("keras.layers")
      entry["registered_name"] = .null
    }
    return entry
  }

  /// Runs `body` and puts the layer's path to what it throws.
  private func naming<Result>(_ node: Network.Node, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as LayerError {
      throw NetworkError(
        error.message, layer: prefix + node.name, className: node.layer.className)
    }
  }

  /// A shape with the open size of the batch in front.
  static func batchShape(_ shape: Shape) -> Value {
    .list([.null] + shape.sizes.map { $0.map { .integer($0) } ?? .null })
  }
}
