/// C source that holds the bytes of a file.
enum CSource {
  /// Whether a text may name an array in C.
  static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    else { return false }
    return text.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
  }

  /// An array of the bytes at a multiple of 64, as a compiled model must lie, and its size.
  static func array(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    var text = Array(
      """
      #include <stddef.h>

      #ifdef __cplusplus
      extern "C" {
      #endif
      extern const unsigned char \(name)[];
      extern const size_t \(name)_size;
      #ifdef __cplusplus
      }
      #endif

      const size_t \(name)_size = \(bytes.count);
      __attribute__((aligned(64))) const unsigned char \(name)[\(bytes.count)] = {

      """.utf8)
    text.reserveCapacity(text.count + bytes.count * 5 + bytes.count / 16)
    for (index, byte) in bytes.enumerated() {
      text += [
        UInt8(ascii: "0"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 15)],
      ]
      text += [UInt8(ascii: ","), UInt8(ascii: index % 16 == 15 ? "\n" : " ")]
    }
    return text + Array("};\n".utf8)
  }
}
