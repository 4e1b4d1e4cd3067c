import Network

/// Makes a network, still without weights, of a model's configuration.
struct ModelReader {
  let file: String
  let kerasMajorVersion: Int

  typealias Value = LayerConfiguration.Value

  /// - Parameter object: `{"class_name": …, "config": …}`.
  func network(_ object: [String: Value], fallbackName: String = "model") throws -> Network {
    guard case .string(let className)? = object["class_name"], let config = object["config"] else {
      throw error("the model's configuration has no 'class_name' or 'config'")
    }
    if className == "Sequential" { return try sequential(config, fallbackName: fallbackName) }
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
  }

  /// A layer, or a model used as one, with its name.
  func node(_ entry: [String: Value]) throws -> Network.Node {
    guard case .string(let className)? = entry["class_name"] else {
      throw error("a layer's configuration has no 'class_name'")
    }
    if Self.isModel(entry) {
      let nested = try network(entry, fallbackName: string(entry["name"]) ?? className)
      return Network.Node(
        name: nested.name, layer: NestedNetwork(nested), isTrainable: isTrainable(entry))
    }
    guard case .object(let values)? = entry["config"] else {
      throw error("a layer of class '\(className)' has no configuration")
    }
    let configuration = LayerConfiguration(
      className: className, values: values, kerasMajorVersion: kerasMajorVersion)
    guard let name = configuration.name ?? string(entry["name"]) else {
      throw error("a layer of class '\(className)' has no name")
    }
    guard LayerRegistry.supports(configuration) else {
      throw error(
        "layer '\(name)' is of class \(className), which is not supported; supported are: "
          + LayerRegistry.classNames.joined(separator: ", "))
    }
    do {
      return Network.Node(
        name: name, layer: try LayerRegistry.layer(configuration), isTrainable: isTrainable(entry))
    } catch let problem as LayerError {
      throw error(NetworkError(problem.message, layer: name, className: className).description)
    }
  }

  private func sequential(_ config: Value, fallbackName: String) throws -> Network {
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
    return try Network(
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

  private func functional(_ values: [String: Value], fallbackName: String) throws -> Network {
    guard case .list(let list)? = values["layers"] else {
      throw error("the model's configuration has no list of layers")
    }
    let entries = try list.map(object)
    let nodes = try entries.map(node)
    let graph = try GraphReader(self, entries: entries, nodes: nodes)
    return try Network(
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
