import Network

/// Says how the layers of a Functional model are connected, in the form of Keras 2 or of Keras 3.
///
/// Both name a value by its layer, which of the layer's calls gave it, and which of that call's outputs it
/// is. A nested model's first call is its second in Keras 2, where the first made the model itself; in
/// Keras 3 so in `output_layers` alone, and only for a Functional one.
struct GraphConfiguration {
  typealias Value = LayerConfiguration.Value

  private let network: Network
  private let order: KerasOrder
  private let kerasMajorVersion: Int
  private let names: [String]

  init(_ network: Network, _ order: KerasOrder, kerasMajorVersion: Int) {
    self.network = network
    self.order = order
    self.kerasMajorVersion = kerasMajorVersion
    names = KerasNames(network, kerasMajorVersion: kerasMajorVersion).names
  }

  /// The model's inputs or outputs: places, or in Keras 3 the only one.
  func ends(_ references: [Network.ValueReference]) -> Value {
    let places = references.map { Value.list(place($0, isEnd: true)) }
    return kerasMajorVersion >= 3 && places.count == 1 ? places[0] : .list(places)
  }

  /// The calls of a layer; none of an input layer.
  ///
  /// - Throws: `LayerError`, where a call cannot be said.
  func calls(ofNode node: Int) throws -> [Value] {
    if network.nodes[node].layer is InputLayer { return [] }
    return order.calls[node].map { call in
      kerasMajorVersion >= 3
        ? arguments(of: network.calls[call]) : places(of: network.calls[call])
    }
  }

  private func place(_ reference: Network.ValueReference, isEnd: Bool) -> [Value] {
    let node = network.calls[reference.call].node
    var call = order.calls[node].firstIndex(of: reference.call) ?? 0
    if let nested = network.nodes[node].layer as? NestedNetwork,
      !nested.isTimeDistributed,
      kerasMajorVersion < 3 || isEnd && nested.network.kind == .functional
    {
      call += 1
    }
    return [.string(names[node]), .integer(call), .integer(reference.output)]
  }

  // MARK: Keras 3

  private func arguments(of call: Network.Call) -> Value {
    let tensors = call.inputs.map(tensor)
    var arguments: [Value]
    var keywords: [String: Value] = [:]
    switch KerasLayer.ofKeras3(network.nodes[call.node].layer) {
    case let operation as TensorOperation:
      func value(_ argument: TensorOperation.Argument) -> Value {
        switch argument {
        case .input(let index): tensors[index]
        case .value(let value): value
        case .list(let list): .list(list.map(value))
        }
      }
      arguments = operation.arguments.map(value)
      if operation.className == "GetItem", let input = call.inputs.first, arguments.count == 2 {
        arguments[1] = Self.withoutDots(arguments[1], rank: network.shape(input).rank + 1)
      }
      keywords = operation.callKeywords.mapValues(value)
    case is MultiHeadAttention: arguments = tensors
    case let layer: arguments = Self.takesList(layer, tensors.count) ? [.list(tensors)] : tensors
    }
    return .object(["args": .list(arguments), "kwargs": .object(keywords)])
  }

  /// Places of a slice with those written out that `...` stands for, which Keras 3 does not load from an
  /// `.h5`.
  private static func withoutDots(_ places: Value, rank: Int) -> Value {
    guard var items = places.list else { return places }
    func isDots(_ item: Value) -> Bool {
      guard case .object(let object) = item else { return false }
      return object["class_name"] == .string("__ellipsis__")
    }
    guard let dots = items.firstIndex(where: isDots) else { return places }
    let named = items.count { !isDots($0) && $0 != .null }
    let whole = Value.object([
      "class_name": .string("__slice__"),
      "config": .object(["start": .null, "stop": .null, "step": .null]),
    ])
    items.replaceSubrange(
      dots...dots, with: Array(repeating: whole, count: max(rank - named, 0)))
    return .list(items)
  }

  /// Whether a layer is called with a list of its inputs.
  private static func takesList(_ layer: any Layer, _ count: Int) -> Bool {
    count > 1 || layer is Concatenate
  }

  private func tensor(_ reference: Network.ValueReference) -> Value {
    .object([
      "class_name": .string("__keras_tensor__"),
      "config": .object([
        "shape": ModelConfiguration.batchShape(network.shape(reference)),
        "dtype": .string("float32"),
        "keras_history": .list(place(reference, isEnd: false)),
      ]),
    ])
  }

  // MARK: Keras 2

  private func places(of call: Network.Call) -> Value {
    let places = call.inputs.map { place($0, isEnd: false) }
    switch network.nodes[call.node].layer {
    case let operation as TensorOperation: return self.call(of: operation, places)
    case is MultiHeadAttention:
      // The query, and what goes by name.
      let keywords = Dictionary(
        uniqueKeysWithValues: zip(["value", "key"], places.dropFirst().map { Value.list($0) }))
      return .list([.list(places[0] + [.object(keywords)])])
    default: return .list(places.map { .list($0 + [.object([:])]) })
    }
  }

  /// A call of a function of TensorFlow: its first argument, with the others by name; a list of such where
  /// that is a list.
  private func call(of operation: TensorOperation, _ places: [[Value]]) -> Value {
    func value(_ argument: TensorOperation.Argument) -> Value {
      switch argument {
      case .input(let index): .list(places[index])
      case .value(let value): value
      case .list(let list): .list(list.map(value))
      }
    }
    let keywords = Value.object(operation.callKeywords.mapValues(value))
    let first = operation.arguments.map { argument -> Value in
      guard case .input(let index) = argument else {
        return .list([.string("_CONSTANT_VALUE"), .integer(-1), value(argument), keywords])
      }
      return .list(places[index] + [keywords])
    }
    return first.count == 1 ? first[0] : .list(first)
  }
}
