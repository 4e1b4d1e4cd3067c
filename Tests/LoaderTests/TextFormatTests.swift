import Loader
import Network
import Testing

/// JSON and YAML as Python writes them.
@Suite struct TextFormatTests {
  @Test func json() throws {
    let value = try JSON.value(
      """
      {"a": [1, -2.5e3, true, false, null], "b": {"c": "x\\n\\"\\u00e9\\ud83d\\ude00"},
       "d": [NaN, Infinity, -Infinity], "e": {}, "f": [ ]}
      """)
    guard case .object(let object) = value, let special = object["d"]?.list else {
      Issue.record("not an object")
      return
    }
    #expect(
      object["a"] == .list([.integer(1), .number(-2500), .bool(true), .bool(false), .null]))
    #expect(object["b"] == .object(["c": .string("x\n\"é😀")]))
    #expect(special[0].number?.isNaN == true)
    #expect(special[1...] == [.number(.infinity), .number(-.infinity)])
    #expect(object["e"] == .object([:]) && object["f"] == .list([]))
  }

  @Test(arguments: [
    "", "{", "[1,", "{\"a\" 1}", "[1 2]", "nul", "\"abc", "[1] x", "{\"a\":}", "0x10", "\"\\u12\"",
    "+1", "infinity", "nan",
  ])
  func notJSON(_ text: String) {
    #expect(throws: ParseError.self) { try JSON.value(text) }
  }

  @Test func yaml() throws {
    let value = try YAML.value(
      """
      class_name: Model
      config:
        shape: !!python/tuple [3, 3]
        old: !!python/tuple
        - 1
        - null
        rate: 1.0e-3
        quoted: '1'
        is: true
        shared: &id001 {a: 1}
        again: *id001
        version: 2.1.2
      """)
    guard case .object(let object) = value, case .object(let config)? = object["config"] else {
      Issue.record("not an object")
      return
    }
    #expect(object["class_name"] == .string("Model"))
    #expect(config["shape"] == .list([.integer(3), .integer(3)]))
    #expect(config["old"] == .list([.integer(1), .null]))
    #expect(config["rate"] == .number(1e-3))
    #expect(config["quoted"] == .string("1"))
    #expect(config["is"] == .bool(true))
    #expect(config["again"] == .object(["a": .integer(1)]))
    #expect(config["version"] == .string("2.1.2"))
  }
}
