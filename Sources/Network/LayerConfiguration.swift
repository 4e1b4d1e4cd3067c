/// The arguments of a layer as Keras saves them, whatever container they came from.
///
/// The loader brings older spellings to those of today, so that a layer reads one name for each
/// argument. What changed its meaning under the same name is left to the layer, which asks for
/// `kerasMajorVersion`.
public struct LayerConfiguration: Sendable {
  public var className: String
  public var values: [String: Value]
  /// 1, 2 or 3: that of the Keras that wrote the file.
  public var kerasMajorVersion: Int

  /// A value as JSON has it.
  public enum Value: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list([Value])
    case object([String: Value])
  }

  public init(className: String, values: [String: Value], kerasMajorVersion: Int = 3) {
    self.className = className
    self.values = values
    self.kerasMajorVersion = kerasMajorVersion
  }

  /// The value of an argument; nil where it is absent or null.
  public subscript(key: String) -> Value? {
    guard let value = values[key], value != .null else { return nil }
    return value
  }

  /// The name that the layer was saved under.
  public var name: String? {
    guard case .string(let name)? = self["name"] else { return nil }
    return name
  }

  public func integer(_ key: String) throws -> Int {
    guard let value = self[key] else { throw missing(key) }
    guard let integer = value.integer else { throw unexpected(key, value, "a whole number") }
    return integer
  }

  public func integer(_ key: String, default fallback: Int) throws -> Int {
    self[key] == nil ? fallback : try integer(key)
  }

  public func number(_ key: String, default fallback: Double) throws -> Double {
    guard let value = self[key] else { return fallback }
    guard let number = value.number else { throw unexpected(key, value, "a number") }
    return number
  }

  public func bool(_ key: String, default fallback: Bool) throws -> Bool {
    guard let value = self[key] else { return fallback }
    if case .bool(let bool) = value { return bool }
    throw unexpected(key, value, "true or false")
  }

  public func string(_ key: String, default fallback: String) throws -> String {
    guard let value = self[key] else { return fallback }
    if case .string(let string) = value { return string }
    throw unexpected(key, value, "a text")
  }

  /// One whole number, or a list of them; a list that Keras wrote as a tuple too.
  public func integers(_ key: String) throws -> [Int]? {
    guard let value = self[key] else { return nil }
    if let integer = value.integer { return [integer] }
    guard let list = value.list, let integers = list.map(\.integer) as? [Int] else {
      throw unexpected(key, value, "a whole number or a list of them")
    }
    return integers
  }

  /// A height and a width, or one number for both; positive.
  public func size2D(_ key: String, default fallback: Size2D? = nil) throws -> Size2D {
    guard let integers = try integers(key) else {
      guard let fallback else { throw missing(key) }
      return fallback
    }
    guard integers.count == 1 || integers.count == 2, integers.allSatisfy({ $0 > 0 }) else {
      throw LayerError("its \(key) is \(integers); expected one or two positive whole numbers")
    }
    return Size2D(integers[0], integers[integers.count - 1])
  }

  /// An enumeration by its raw value.
  public func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, default fallback: Choice
  ) throws -> Choice {
    guard let value = self[key] else { return fallback }
    guard case .string(let string) = value, let choice = Choice(rawValue: string) else {
      let all = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
      throw unexpected(key, value, all)
    }
    return choice
  }

  /// Refuses `channels_first`, which the registry takes from the layers that run it with their axes moved.
  public func requireChannelsLast() throws {
    let format = try string("data_format", default: "channels_last")
    guard format == "channels_last" else {
      throw LayerError(
        "its data_format is '\(format)'; only 'channels_last' is supported: "
          + "save the model with channels last")
    }
  }

  private func missing(_ key: String) -> LayerError {
    LayerError("its configuration has no '\(key)'; the file may be damaged")
  }

  private func unexpected(_ key: String, _ value: Value, _ expected: String) -> LayerError {
    LayerError("its '\(key)' is \(value); expected \(expected)")
  }
}

extension LayerConfiguration.Value: CustomStringConvertible {
  /// The whole number, where the value is one of 32 bits; JSON does not tell 3 from 3.0.
  public var integer: Int? {
    switch self {
    case .integer(let integer): Int32(exactly: integer).map(Int.init)
    case .number(let number): Int32(exactly: number).map(Int.init)
    default: nil
    }
  }

  public var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }

  /// The elements, where the value is a list or a tuple as Keras wraps one.
  public var list: [LayerConfiguration.Value]? {
    switch self {
    case .list(let list): return list
    case .object(let object) where object["class_name"] == .string("__tuple__"):
      return object["items"]?.list
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .null: "null"
    case .bool(let bool): String(bool)
    case .integer(let integer): String(integer)
    case .number(let number): String(number)
    case .string(let string): "'\(string)'"
    case .list(let list): "[" + list.map(\.description).joined(separator: ", ") + "]"
    case .object(let object):
      object["class_name"].map { "an object of class \($0)" } ?? "an object"
    }
  }
}
