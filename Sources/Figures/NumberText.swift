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
    let text = formatted("%.*g", digits, number == 0 ? 0 : number)
    return text.first == "-" ? "−" + text.dropFirst() : text
  }

  /// So many decimals, for machines too: as Python's `f'{x:.6f}'` has them, `nan` without a sign.
  public static func fixed(_ number: Double, decimals: Int) -> String {
    number.isNaN ? "nan" : formatted("%.*f", decimals, number)
  }

  private static func formatted(_ format: String, _ digits: Int, _ number: Double) -> String {
    // The longest number has 309 digits in front of the point.
    var buffer = [CChar](repeating: 0, count: 400)
    let written = withVaList([Int32(digits), number]) {
      vsnprintf(&buffer, buffer.count, format, $0)
    }
    let bytes = buffer.prefix(Int(max(0, written))).map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
