import Network

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A JSON document as the values that layers read.
enum JSON {
  /// - Throws: Foundation's error, where the text is not JSON.
  static func value(_ text: String) throws -> LayerConfiguration.Value {
    try JSONDecoder().decode(Document.self, from: Data(text.utf8)).value
  }

  private struct Document: Decodable {
    let value: LayerConfiguration.Value

    init(from decoder: any Decoder) throws {
      if let container = try? decoder.container(keyedBy: Key.self) {
        var object: [String: LayerConfiguration.Value] = [:]
        for key in container.allKeys {
          object[key.stringValue] = try container.decode(Document.self, forKey: key).value
        }
        value = .object(object)
      } else if var container = try? decoder.unkeyedContainer() {
        var list: [LayerConfiguration.Value] = []
        while !container.isAtEnd { list.append(try container.decode(Document.self).value) }
        value = .list(list)
      } else {
        value = try Self.scalar(decoder.singleValueContainer())
      }
    }

    private static func scalar(
      _ container: any SingleValueDecodingContainer
    ) throws -> LayerConfiguration.Value {
      if container.decodeNil() { return .null }
      if let string = try? container.decode(String.self) { return .string(string) }
      if let bool = try? container.decode(Bool.self) { return .bool(bool) }
      if let integer = try? container.decode(Int.self) { return .integer(integer) }
      return .number(try container.decode(Double.self))
    }
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
