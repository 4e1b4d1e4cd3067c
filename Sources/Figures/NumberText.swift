#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Numbers as figures show them.
public enum NumberText {
  /// Four significant digits, as C's `%.4g` has them, with a real minus sign.
  public static func short(_ number: Double) -> String { text(number, significant: 4) }

  static func text(_ number: Double, significant digits: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    let written = withVaList([Int32(digits), number == 0 ? 0 : number]) {
      vsnprintf(&buffer, buffer.count, "%.*g", $0)
    }
    let bytes = buffer.prefix(Int(max(0, written))).map { UInt8(bitPattern: $0) }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.first == "-" ? "−" + text.dropFirst() : text
  }
}
