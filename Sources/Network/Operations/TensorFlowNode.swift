/// A node of TensorFlow's graph as tf.keras 2.0 to 2.3 saved one: the `TensorFlowOpLayer`, whose
/// configuration holds the node's definition and those of its inputs that are constant.
///
/// Later versions call a function of TensorFlow in its place (`TFOpLambda`), so it is read as such a call.
struct TensorFlowNode {
  static let className = "TensorFlowOpLayer"

  typealias Value = LayerConfiguration.Value
  typealias Argument = TensorOperation.Argument

  /// What the operation is called in TensorFlow: `AddV2`.
  let kind: String
  let name: String?
  /// The node's inputs in order: values of the model, or constants.
  let inputs: [Argument]
  private let attributes: [String: Value]

  /// - Throws: `LayerError`, where there is no definition of a node.
  init(_ configuration: LayerConfiguration) throws {
    guard case .object(let definition)? = configuration["node_def"],
      case .string(let kind)? = definition["op"]
    else {
      throw LayerError(
        "its 'node_def' is \(configuration["node_def"] ?? .null); expected an object with an 'op', "
          + "as TensorFlow 2.1 to 2.3 save one: save the model with one of them")
    }
    self.kind = kind
    name = configuration.name
    if case .object(let object)? = definition["attr"] {
      attributes = object
    } else {
      attributes = [:]
    }
    var constants: [Int: Value] = [:]
    if case .object(let object)? = configuration["constants"] {
      for (key, value) in object {
        guard let place = Int(key), (0..<1 << 10).contains(place) else {
          throw LayerError("its 'constants' have the key '\(key)'; expected an input's number")
        }
        constants[place] = value
      }
    }
    // What has a ^ in front must only be computed first.
    let names = (definition["input"]?.list ?? []).filter {
      if case .string(let name) = $0 { return !name.hasPrefix("^") }
      return true
    }
    var inputs: [Argument] = []
    var next = 0
    for place in 0..<max(names.count, (constants.keys.max() ?? -1) + 1) {
      if let constant = constants[place] {
        inputs.append(.value(constant))
      } else {
        inputs.append(.input(next))
        next += 1
      }
    }
    guard next > 0 else { throw LayerError("its operation \(kind) has no inputs") }
    self.inputs = inputs
  }

  // MARK: Attributes, as protobuf writes them in JSON

  /// A whole number: 64 bits are a text in JSON.
  func integer(_ key: String) -> Int? {
    guard case .object(let attribute)? = attributes[key], let value = attribute["i"] else {
      return nil
    }
    return Self.integer(value)
  }

  func number(_ key: String) -> Double? {
    guard case .object(let attribute)? = attributes[key] else { return nil }
    return attribute["f"]?.number
  }

  func isTrue(_ keys: String...) -> Bool {
    keys.contains { key in
      guard case .object(let attribute)? = attributes[key] else { return false }
      return attribute["b"] == .bool(true)
    }
  }

  func integers(_ key: String) -> [Int] {
    guard case .object(let attribute)? = attributes[key],
      case .object(let list)? = attribute["list"]
    else { return [] }
    return (list["i"]?.list ?? []).compactMap(Self.integer)
  }

  /// A text, which JSON has in base 64.
  func text(_ key: String) -> String? {
    guard case .object(let attribute)? = attributes[key], case .string(let text)? = attribute["s"]
    else { return nil }
    return Self.texts[text] ?? text
  }

  /// A type: `DT_FLOAT`.
  func type(_ key: String) -> String? {
    guard case .object(let attribute)? = attributes[key],
      case .string(let type)? = attribute["type"]
    else { return nil }
    return type
  }

  private static func integer(_ value: Value) -> Int? {
    if case .string(let text) = value { return Int(text) }
    return value.integer
  }

  /// The few texts that attributes here have.
  private static let texts = [
    "TkhXQw==": "NHWC", "TkNIVw==": "NCHW", "UkVGTEVDVA==": "REFLECT", "U1lNTUVUUklD": "SYMMETRIC",
  ]
}
