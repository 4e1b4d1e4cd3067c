import CYAML
import Network

/// Reads YAML as Keras 1 and 2 wrote it (`model.to_yaml()`) into the values that layers read.
package enum YAML {
  package typealias Value = LayerConfiguration.Value

  /// - Throws: `ParseError`, which says what was found where.
  package static func value(_ text: String) throws(ParseError) -> Value {
    try checkDepth(text)
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { throw ParseError(message: "no memory") }
    defer { yaml_parser_delete(&parser) }
    var document = yaml_document_t()
    let bytes = Array(text.utf8)
    let isRead = bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      return yaml_parser_load(&parser, &document) == 1
    }
    guard isRead else {
      let problem = parser.problem.map { String(cString: $0) } ?? "not YAML"
      throw ParseError(message: "line \(parser.problem_mark.line + 1): \(problem)")
    }
    defer { yaml_document_delete(&document) }
    guard let root = yaml_document_get_root_node(&document) else {
      throw ParseError(message: "an empty text")
    }
    // What an anchor names may be repeated in what another names, and so on, without end; one may even
    // name what it is in.
    var budget = 10_000_000
    return try value(root, &document, depth: 0, &budget)
  }

  private static func value(
    _ node: UnsafeMutablePointer<yaml_node_t>, _ document: UnsafeMutablePointer<yaml_document_t>,
    depth: Int, _ budget: inout Int
  ) throws(ParseError) -> Value {
    budget -= 1
    guard budget > 0 else { throw ParseError(message: "more values than any model has") }
    guard depth <= JSON.deepest else {
      throw ParseError(message: "more than \(JSON.deepest) levels")
    }
    func item(_ index: Int32, _ budget: inout Int) throws(ParseError) -> Value {
      guard let node = yaml_document_get_node(document, index) else {
        throw ParseError(message: "an alias that names nothing")
      }
      return try value(node, document, depth: depth + 1, &budget)
    }
    switch node.pointee.type {
    case YAML_MAPPING_NODE:
      var result: [String: Value] = [:]
      var pair = node.pointee.data.mapping.pairs.start
      while let next = pair, next < node.pointee.data.mapping.pairs.top {
        let key = yaml_document_get_node(document, next.pointee.key)
        guard let key, key.pointee.type == YAML_SCALAR_NODE else {
          throw ParseError(message: "a key that is no text")
        }
        result[text(key.pointee)] = try item(next.pointee.value, &budget)
        pair = next + 1
      }
      return .object(result)
    case YAML_SEQUENCE_NODE:
      // Tuples carry a tag, which does not matter here.
      var result: [Value] = []
      var index = node.pointee.data.sequence.items.start
      while let next = index, next < node.pointee.data.sequence.items.top {
        result.append(try item(next.pointee, &budget))
        index = next + 1
      }
      return .list(result)
    default: return scalar(node.pointee)
    }
  }

  private static func text(_ node: yaml_node_t) -> String {
    String(
      decoding: UnsafeBufferPointer(
        start: node.data.scalar.value, count: node.data.scalar.length), as: UTF8.self)
  }

  private static func scalar(_ node: yaml_node_t) -> Value {
    let text = text(node)
    guard node.data.scalar.style == YAML_PLAIN_SCALAR_STYLE else { return .string(text) }
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
