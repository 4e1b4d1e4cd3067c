import Network

/// Makes a network, still without weights, of a model's configuration.
struct ModelReader {
  let file: String
  let kerasMajorVersion: Int
  /// What the user says of layers that are not supported.
  var custom = CustomLayers.none
  /// Whether layers that are not supported become `UnsupportedLayer`s, rather than errors.
  var keepsUnsupported = false
  /// The names of the models that this one is in, each with a slash behind it.
  var prefix = ""

  typealias Value = LayerConfiguration.Value

  /// - Parameter object: `{"class_name": …, "config": …}`.
  func network(_ object: [String: Value], fallbackName: String = "model") throws -> Network {
    try graph(object, fallbackName: fallbackName).network()
  }

  /// The same before shapes are looked at.
  func graph(_ object: [String: Value], fallbackName: String = "model") throws -> ModelGraph {
    guard case .string(let className)? = object["class_name"], let config = object["config"] else {
      throw error("the model's configuration has no 'class_name' or 'config'")
    }
    if className == "Sequential" || Self.isSequential(config) {
      return try sequential(config, fallbackName: fallbackName)
    }
    if case .object(let values) = config, values["layers"] != nil {
      return try functional(values, fallbackName: fallbackName)
    }
    throw error(
      "the model is of class '\(className)', whose configuration does not list its layers; "
        + "save it as a Sequential or Functional model")
  }

  /// Whether a layer's entry is a model.
  static func isModel(_ entry: [String: Value]) -> Bool {
    guard case .string(let className)? = entry["class_name"] else { return false }
    if ["Sequential", "Functional", "Model"].contains(className) { return true }
    guard case .object(let config)? = entry["config"] else { return false }
    return config["layers"] != nil && config["output_layers"] != nil
      || isSequential(.object(config))
  }

  /// Whether a configuration is that of a `Sequential`, by its form: the model's class may be the user's.
  private static func isSequential(_ config: Value) -> Bool {
    guard case .object(let values) = config, values["output_layers"] == nil,
      case .object(let first)? = values["layers"]?.list?.first
    else { return false }
    return first["class_name"] == .string(InputLayer.className)
  }

  /// A layer, or a model used as one, with its name.
  func node(_ entry: [String: Value]) throws -> Network.Node {
    guard case .string(let className)? = entry["class_name"] else {
      throw error("a layer's configuration has no 'class_name'")
    }
    if Self.isModel(entry) { return try nestedModel(entry, className) }
    if let inner = modelInTime(entry) {
      var node = try nestedModel(inner, className)
      node.name = configuredName(entry) ?? node.name
      if var nested = node.layer as? NestedNetwork {
        nested.isTimeDistributed = true
        nested.name = node.name
        node.layer = nested
      }
      return node
    }
    guard case .object(let values)? = entry["config"] else {
      throw error("a layer of class '\(className)' has no configuration")
    }
    var configuration = LayerConfiguration(
      className: className, values: custom.replacingActivations(in: values),
      kerasMajorVersion: kerasMajorVersion)
    // The graph names the entry; the two differ where the class puts a prefix in front: `tf_op_layer_mul`.
    guard let name = string(entry["name"]) ?? configuration.name else {
      throw error("a layer of class '\(className)' has no name")
    }
    if let activation = custom.activation(ofLayer: name, className: className, entry: entry) {
      configuration = LayerConfiguration(
        className: Activation.className,
        values: ["name": .string(name), "activation": .string(activation)],
        kerasMajorVersion: kerasMajorVersion)
    }
    var layer: any Layer
    do {
      guard LayerRegistry.supports(configuration) else { throw UnsupportedLayer.reason(className) }
      try configuration.refuseQuantization()
      layer = try LayerRegistry.layer(configuration)
    } catch var problem as LayerError {
      if problem.message.hasPrefix("its activation '") {
        problem.message += "; say what it computes with --custom NAME=relu, where it is so"
      }
      guard keepsUnsupported else {
        throw error(
          NetworkError(problem.message, layer: prefix + name, className: className).description)
      }
      layer = UnsupportedLayer(className: className, name: name, reason: problem.message)
    }
    return Network.Node(
      name: name, layer: layer, isTrainable: isTrainable(entry), options: WeightOptions(values))
  }

  /// The model that a `TimeDistributed` applies to each step; nil where it is a layer.
  private func modelInTime(_ entry: [String: Value]) -> [String: Value]? {
    guard entry["class_name"] == .string(TimeDistributed.className),
      case .object(let config)? = entry["config"], case .object(let inner)? = config["layer"],
      Self.isModel(inner)
    else { return nil }
    return inner
  }

  private func configuredName(_ entry: [String: Value]) -> String? {
    guard case .object(let config)? = entry["config"] else { return string(entry["name"]) }
    return string(config["name"]) ?? string(entry["name"])
  }

  private func nestedModel(_ entry: [String: Value], _ className: String) throws -> Network.Node {
    let name = configuredName(entry)
    var inner = self
    inner.prefix += (name ?? className) + "/"
    let layer: any Layer
    do {
      layer = NestedNetwork(try inner.network(entry, fallbackName: name ?? className))
    } catch let problem as NetworkError {
      let reason = "\(problem.layer ?? ""): \(problem.message)"
      guard keepsUnsupported else { throw problem.within(inner.prefix) }
      layer = UnsupportedLayer(className: className, name: name, reason: reason)
    }
    let nested = (layer as? NestedNetwork)?.network.name
    return Network.Node(
      name: nested ?? name ?? className, layer: layer, isTrainable: isTrainable(entry))
  }

  private func sequential(_ config: Value, fallbackName: String) throws -> ModelGraph {
    // A bare list before Keras 2.2.3.
    var values: [String: Value] = [:]
    if case .object(let object) = config { values = object }
    guard case .list(let list)? = values["layers"] ?? (config.list.map { .list($0) }) else {
      throw error("the Sequential model's configuration has no list of layers")
    }
    let entries = try list.map(object)
    guard let first = entries.first else { throw error("the Sequential model has no layers") }
    var nodes = try entries.map(node)
    if !(nodes[0].layer is InputLayer) {
      nodes.insert(try input(of: first, nodes[0], values), at: 0)
    }
    let calls = nodes.indices.map { index in
      (node: index, inputs: index == 0 ? [] : [Network.ValueReference(call: index - 1)])
    }
    return ModelGraph(
      name: string(values["name"]) ?? fallbackName, kind: .sequential, nodes: nodes, calls: calls,
      inputs: [Network.ValueReference(call: 0)],
      outputs: [Network.ValueReference(call: nodes.count - 1)])
  }

  /// The input layer that an old Sequential model does not have.
  private func input(
    of entry: [String: Value], _ node: Network.Node, _ model: [String: Value]
  ) throws -> Network.Node {
    if let nested = node.layer as? NestedNetwork, nested.network.inputs.count == 1 {
      return Network.Node(name: "input", layer: InputLayer(nested.network.inputShapes[0]))
    }
    var configuration = LayerConfiguration(className: "InputLayer", values: [:])
    if case .object(let values)? = entry["config"] { configuration.values = values }
    if let shape = try? configuration.inputShape {
      return Network.Node(name: "input", layer: InputLayer(shape))
    }
    configuration.values = ["batch_shape": model["build_input_shape"] ?? .null]
    if let shape = try? configuration.inputShape {
      return Network.Node(name: "input", layer: InputLayer(shape))
    }
    throw error(
      "the Sequential model does not say its input's shape; build it before saving it, "
        + "for instance by calling it once")
  }

  private func functional(
    _ values: [String: Value], fallbackName: String
  ) throws -> ModelGraph {
    guard case .list(let list)? = values["layers"] else {
      throw error("the model's configuration has no list of layers")
    }
    let entries = try list.map(object)
    let nodes = try entries.map(node)
    let graph: GraphReader
    do {
      graph = try GraphReader(self, entries: entries, nodes: nodes)
    } catch let error where keepsUnsupported {
      return ModelGraph(
        name: string(values["name"]) ?? fallbackName, kind: .functional, nodes: nodes, calls: [],
        inputs: [], outputs: [], problem: "\(error)")
    }
    return ModelGraph(
      name: string(values["name"]) ?? fallbackName, kind: .functional, nodes: graph.nodes,
      calls: graph.calls, inputs: try graph.ends(values["input_layers"], "input_layers"),
      outputs: try graph.ends(values["output_layers"], "output_layers"))
  }

  func error(_ message: String) -> LoadError { LoadError(file: file, message) }

  func object(_ value: Value) throws -> [String: Value] {
    guard case .object(let object) = value else {
      throw error("the model's configuration has \(value) where a layer should be")
    }
    return object
  }

  func string(_ value: Value?) -> String? {
    guard case .string(let string)? = value else { return nil }
    return string
  }

  private func isTrainable(_ entry: [String: Value]) -> Bool {
    guard case .object(let config)? = entry["config"] else { return true }
    return config["trainable"] != .bool(false)
  }
}

/// A model's layers and how they are connected, of which a network is made where all are supported.
struct ModelGraph {
  var name: String
  var kind: Network.Kind
  var nodes: [Network.Node]
  var calls: [(node: Int, inputs: [Network.ValueReference])]
  var inputs: [Network.ValueReference]
  var outputs: [Network.ValueReference]
  /// Why the connections are not known, where they are not.
  var problem: String?

  /// - Throws: `NetworkError`, where shapes do not fit.
  func network() throws -> Network {
    try Network(
      name: name, kind: kind, nodes: nodes, calls: calls, inputs: inputs, outputs: outputs)
  }
}

extension NetworkError {
  /// The same of a layer that is inside of other models.
  fileprivate func within(_ prefix: String) -> NetworkError {
    guard let layer, !layer.hasPrefix(prefix) else { return self }
    return NetworkError(message, layer: prefix + layer, className: className)
  }
}
