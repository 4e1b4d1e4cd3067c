import Network

/// Reads JSON as Python writes it, `NaN` and `Infinity` included, into the values that layers read.
///
/// Written out here, since Foundation's reader refuses those and says neither where a text is wrong nor
/// how deep it may be.
package struct JSON {
  package typealias Value = LayerConfiguration.Value

  /// Deeper than any model: each nested model and each wrapper takes five levels or so.
  static let deepest = 400

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var depth = 0

  /// - Throws: `ParseError`, which says what was found where.
  package static func value(_ text: String) throws(ParseError) -> Value {
    var text = text
    let result: Result<Value, ParseError> = text.withUTF8 { bytes in
      var reader = JSON(bytes: bytes)
      do throws(ParseError) {
        let value = try reader.value()
        reader.skipSpace()
        if reader.position < bytes.count { throw reader.error("more after the end") }
        return .success(value)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private mutating func value() throws(ParseError) -> Value {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try nested { reader throws(ParseError) in try reader.object() }
    case UInt8(ascii: "["): return try nested { reader throws(ParseError) in try reader.list() }
    case UInt8(ascii: "\""): return .string(try string())
    case nil: throw error("the end of the text")
    default: return try scalar()
    }
  }

  private mutating func nested(
    _ body: (inout JSON) throws(ParseError) -> Value
  ) throws(ParseError) -> Value {
    depth += 1
    guard depth <= Self.deepest else { throw error("more than \(Self.deepest) levels") }
    position += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func object() throws(ParseError) -> Value {
    var result: [String: Value] = [:]
    if skip("}") { return .object(result) }
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw unexpected("a key") }
      let key = try string()
      guard skip(":") else { throw unexpected("':'") }
      result[key] = try value()
    } while skip(",")
    guard skip("}") else { throw unexpected("',' or '}'") }
    return .object(result)
  }

  private mutating func list() throws(ParseError) -> Value {
    var result: [Value] = []
    if skip("]") { return .list(result) }
    repeat { result.append(try value()) } while skip(",")
    guard skip("]") else { throw unexpected("',' or ']'") }
    return .list(result)
  }

  private mutating func string() throws(ParseError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = peek {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(&text)
      default: text.append(byte)
      }
    }
    throw error("the end of the text within a string")
  }

  private mutating func escape(_ text: inout [UInt8]) throws(ParseError) {
    guard let byte = peek else { throw error("the end of the text within a string") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "u"): text += String(try unicodeScalar()).utf8
    default: text.append(byte)
    }
  }

  /// The scalar of `\uXXXX`, or of two that are a pair.
  private mutating func unicodeScalar() throws(ParseError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if first & 0xfc00 == 0xd800, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    {
      position += 2
      let second = try hexadecimal()
      let code = 0x10000 + (first & 0x3ff) << 10 + (second & 0x3ff)
      return Unicode.Scalar(code) ?? "\u{fffd}"
    }
    return Unicode.Scalar(first) ?? "\u{fffd}"
  }

  private mutating func hexadecimal() throws(ParseError) -> UInt32 {
    guard position + 4 <= bytes.count,
      let code = UInt32(
        String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw unexpected("four hexadecimal digits") }
    position += 4
    return code
  }

  private mutating func scalar() throws(ParseError) -> Value {
    let start = position
    while let byte = peek, !Self.ends.contains(byte) { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    switch word {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "NaN": return .number(.nan)
    case "Infinity": return .number(.infinity)
    case "-Infinity": return .number(-.infinity)
    default: break
    }
    // Both read more than JSON has: a plus in front, hexadecimal digits.
    if word.first != "+", word.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) {
      if let integer = Int(word) { return .integer(integer) }
      if let number = Double(word) { return .number(number) }
    }
    position = start
    throw unexpected("a value")
  }

  private static let ends = Set(",]}: \n\r\t\"".utf8)

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      position += 1
    }
  }

  private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private func error(_ found: String) -> ParseError {
    ParseError(message: "\(found) at byte \(position)")
  }

  private func unexpected(_ wanted: String) -> ParseError {
    let found = peek.map { "'\(Character(Unicode.Scalar($0)))'" } ?? "the end of the text"
    return error("\(found) where \(wanted) should be")
  }
}

/// What is wrong with a text that should be a configuration.
package struct ParseError: Error {
  package var message: String
}
