import Network

extension JSON {
  /// A value as Python's `json` writes and reads it, with the keys of objects sorted.
  static func text(_ value: Value) -> String {
    var text = ""
    write(value, to: &text)
    return text
  }

  private static func write(_ value: Value, to text: inout String) {
    switch value {
    case .null: text += "null"
    case .bool(let bool): text += bool ? "true" : "false"
    case .integer(let integer): text += String(integer)
    case .number(let number):
      text +=
        number.isNaN
        ? "NaN"
        : number.isInfinite
          ? (number < 0 ? "-Infinity" : "Infinity")
          : number.description
    case .string(let string): write(string, to: &text)
    case .list(let list):
      text += "["
      for (index, item) in list.enumerated() {
        if index > 0 { text += ", " }
        write(item, to: &text)
      }
      text += "]"
    case .object(let object):
      text += "{"
      for (index, (key, item)) in object.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { text += ", " }
        write(key, to: &text)
        text += ": "
        write(item, to: &text)
      }
      text += "}"
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
