import Network

/// Reads one entry of `inbound_nodes`: what a call of a layer takes.
///
/// Keras 2 lists places, `[layer, call, output, keywords]`, one for each input; Keras 3 has arguments in
/// which tensors are objects. Both may hold constants between them.
struct CallReader {
  typealias Value = ModelReader.Value

  /// The inputs, in the order in which arguments number them.
  private(set) var histories: [GraphReader.History] = []
  private(set) var arguments: [TensorOperation.Argument] = []
  private(set) var keywords: [String: TensorOperation.Argument] = [:]
  private let layer: String
  private let names: Set<String>
  private let reader: ModelReader

  init(_ value: Value, layer: String, names: Set<String>, _ reader: ModelReader) throws {
    self.layer = layer
    self.names = names
    self.reader = reader
    if case .object(let object) = value {
      arguments = try (object["args"]?.list ?? []).map { try argument($0) }
      if case .object(let given)? = object["kwargs"] { try readKeywords(given) }
    } else {
      try readPlaces(value)
    }
  }

  /// Whether an argument is not computed.
  var holdsConstants: Bool {
    (arguments + keywords.values).contains { argument in
      if case .value = argument { return argument != .value(.null) }
      return false
    }
  }

  /// Keywords that hold no values of the computation.
  private static let ignored: Set<String> = ["mask", "training", "name"]
  /// The order in which layers take what they are given by name.
  private static let order = ["query", "value", "key", "x", "y"]

  /// Refuses arguments by name that change what a layer computes, and that only operations are given.
  func checkKeywords(of layer: any Layer) throws {
    guard layer is MultiHeadAttention || layer is Attention else { return }
    for key in ["attention_mask", "use_causal_mask"] {
      guard let value = keywords[key], value != .value(.null), value != .value(.bool(false)) else {
        continue
      }
      throw reader.error(
        "layer '\(self.layer)' (\(layer.className)) is called with \(key), which is not supported")
    }
  }

  private mutating func readKeywords(_ given: [String: Value]) throws {
    let keys = given.keys.sorted {
      let (a, b) = (Self.order.firstIndex(of: $0) ?? 99, Self.order.firstIndex(of: $1) ?? 99)
      return a != b ? a < b : $0 < $1
    }
    for key in keys where !Self.ignored.contains(key) {
      if let value = given[key] { keywords[key] = try argument(value) }
    }
  }

  /// The form of Keras 2: a list of places, or for operations of one input the place itself.
  private mutating func readPlaces(_ value: Value) throws {
    guard let list = value.list else { return }
    let isPlace = list.count >= 3 && list[0].isString && list[1].integer != nil
    let places = isPlace ? [value] : list
    var given: [String: Value] = [:]
    for place in places {
      guard let parts = place.list, parts.count >= 3 else { continue }
      if parts[0] == .string("_CONSTANT_VALUE") {
        arguments.append(.value(parts[2]))
      } else if let history = GraphReader.history(place) {
        arguments.append(add(history))
      }
      if parts.count > 3, case .object(let object) = parts[3] {
        given.merge(object) { first, _ in first }
      }
    }
    // Several places are one argument, a list, where the operation's own brackets are there.
    try readKeywords(given)
  }

  private mutating func add(_ history: GraphReader.History) -> TensorOperation.Argument {
    histories.append(history)
    return .input(histories.count - 1)
  }

  private mutating func argument(_ value: Value) throws -> TensorOperation.Argument {
    if case .object(let object) = value, object["class_name"] == .string("__keras_tensor__") {
      guard case .object(let config)? = object["config"],
        let history = config["keras_history"].flatMap(GraphReader.history)
      else { throw reader.error("layer '\(layer)' has an input without 'keras_history'") }
      return add(history)
    }
    if let history = GraphReader.history(value), names.contains(history.layer) {
      return add(history)
    }
    if let list = value.list, list.contains(where: holdsTensor) {
      return .list(try list.map { try argument($0) })
    }
    return .value(value)
  }

  private func holdsTensor(_ value: Value) -> Bool {
    if let history = GraphReader.history(value), names.contains(history.layer) { return true }
    if let list = value.list { return list.contains(where: holdsTensor) }
    guard case .object(let object) = value else { return false }
    return object["class_name"] == .string("__keras_tensor__")
  }
}

extension LayerConfiguration.Value {
  fileprivate var isString: Bool {
    if case .string = self { return true }
    return false
  }
}
