import Network
import Yams

/// Reads YAML as Keras 1 and 2 wrote it (`model.to_yaml()`) into the values that layers read.
package enum YAML {
  package typealias Value = LayerConfiguration.Value

  /// - Throws: `ParseError`, which says what was found where.
  package static func value(_ text: String) throws(ParseError) -> Value {
    try checkDepth(text)
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw ParseError(message: "\(error)")
    }
    guard let node else { throw ParseError(message: "an empty text") }
    // What an anchor names may be repeated in what another names, and so on, without end.
    var budget = 10_000_000
    return try value(node, &budget)
  }

  private static func value(_ node: Node, _ budget: inout Int) throws(ParseError) -> Value {
    budget -= 1
    guard budget > 0 else { throw ParseError(message: "more values than any model has") }
    switch node {
    case .mapping(let mapping):
      var result: [String: Value] = [:]
      for (key, item) in mapping {
        guard let key = key.string else { throw ParseError(message: "a key that is no text") }
        result[key] = try value(item, &budget)
      }
      return .object(result)
    case .sequence(let sequence):
      // Tuples carry a tag, which does not matter here.
      var result: [Value] = []
      for item in sequence { result.append(try value(item, &budget)) }
      return .list(result)
    case .scalar(let scalar): return self.scalar(scalar)
    case .alias: throw ParseError(message: "an alias that names nothing")
    }
  }

  private static func scalar(_ scalar: Node.Scalar) -> Value {
    let text = scalar.string
    guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    case ".inf", ".Inf", ".INF": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    default: break
    }
    if let integer = Int(text) { return .integer(integer) }
    if let first = text.utf8.first, "+-.0123456789".utf8.contains(first), let number = Double(text)
    {
      return .number(number)
    }
    return .string(text)
  }

  /// Refuses what is nested so deep that reading it would exhaust the stack: brackets, and in block style
  /// the columns before a line's text, of which each level takes one at least.
  private static func checkDepth(_ text: String) throws(ParseError) {
    var depth = 0
    var column = 0
    var isAtStart = true
    for byte in text.utf8 {
      switch byte {
      case 0x0a:
        column = 0
        isAtStart = true
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
      default: break
      }
      if isAtStart, byte == 0x20 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?") {
        column += 1
      } else {
        isAtStart = false
      }
      guard depth <= JSON.deepest, column <= 4 * JSON.deepest else {
        throw ParseError(message: "more than \(JSON.deepest) levels")
      }
    }
  }
}
