/// A reader of the few Python literals that `.npy` headers are made of.
struct PythonLiteral {
  private let text: ArraySlice<UInt8>
  private var position: Int

  init(_ text: ArraySlice<UInt8>) {
    self.text = text
    position = text.startIndex
  }

  /// The fields of an `.npy` header; `descr` is nil when it is a list of record fields.
  struct NPYFields {
    var descr: String?
    var isFortranOrder: Bool
    var shape: [Int]
  }

  /// The dictionary, or nil when it is not one of an `.npy` header.
  mutating func npyFields() -> NPYFields? {
    var descr: String??
    var isFortranOrder: Bool?
    var shape: [Int]?
    guard skip("{") else { return nil }
    while !skip("}") {
      guard let key = string(), skip(":") else { return nil }
      switch key {
      case "descr":
        if let name = string() {
          descr = .some(name)
        } else {
          // The fields of a record follow; what comes after them no longer matters.
          return skip("[") ? NPYFields(descr: nil, isFortranOrder: false, shape: []) : nil
        }
      case "fortran_order":
        isFortranOrder = boolean()
      case "shape":
        shape = sizes()
      default:
        return nil
      }
      guard skip(",") || peek() == UInt8(ascii: "}") else { return nil }
    }
    guard let descr, let isFortranOrder, let shape else { return nil }
    return NPYFields(descr: descr, isFortranOrder: isFortranOrder, shape: shape)
  }

  /// The next byte that is not white space.
  private mutating func peek() -> UInt8? {
    while position < text.endIndex {
      switch text[position] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        position += 1
      default: return text[position]
      }
    }
    return nil
  }

  /// Whether `token` comes next; if so, it is passed.
  private mutating func skip(_ token: StaticString) -> Bool {
    guard peek() != nil else { return false }
    return token.withUTF8Buffer { token in
      guard text[position...].starts(with: token) else { return false }
      position += token.count
      return true
    }
  }

  private mutating func string() -> String? {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      return nil
    }
    let start = position + 1
    guard let end = text[start...].firstIndex(of: quote) else { return nil }
    position = end + 1
    return String(decoding: text[start..<end], as: UTF8.self)
  }

  private mutating func boolean() -> Bool? {
    if skip("True") { return true }
    return skip("False") ? false : nil
  }

  private mutating func sizes() -> [Int]? {
    guard skip("(") else { return nil }
    var sizes: [Int] = []
    while !skip(")") {
      guard let size = size() else { return nil }
      sizes.append(size)
      guard skip(",") || peek() == UInt8(ascii: ")") else { return nil }
    }
    return sizes
  }

  private mutating func size() -> Int? {
    guard peek() != nil else { return nil }
    let digits = text[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    position += digits.count
    // Python 2 wrote long integers as 3L.
    _ = skip("L")
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
