/// `Float`s written as NumPy writes `float32`: the fewest digits that read back to the same value.
enum FloatText {
  /// From here on NumPy 2.3 and later write an exponent; NumPy 2.2 and before did from 1e16.
  private static let firstWithLargeExponent: Float = 1e6
  /// Below here NumPy writes an exponent. It compares in double precision, so that the `Float`
  /// nearest to 0.0001, which is a little less, gets one.
  private static let lastWithSmallExponent: Double = 1e-4

  /// Appends the text of a number; `nan`, `inf` and `-inf` are written so.
  static func append(_ value: Float, to text: inout ByteWriter) {
    guard value.isFinite else {
      text.append(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
      return
    }
    if value.sign == .minus { text.append(UInt8(ascii: "-")) }
    let magnitude = value.magnitude
    if magnitude == 0 {
      text.append("0.0")
    } else {
      let digits = Digits(magnitude)
      if magnitude < firstWithLargeExponent, Double(magnitude) >= lastWithSmallExponent {
        digits.appendPositional(to: &text)
      } else {
        digits.appendScientific(to: &text)
      }
    }
  }

  /// The shortest decimal digits of a number: 0.d₁d₂d₃… × 10^`point`.
  private struct Digits {
    // Nine digits tell any two Floats apart; Swift writes up to 16777216.0 without an exponent.
    private var digits = InlineArray<16, UInt8>(repeating: 0)
    private var count = 0
    private var point = 0

    /// Takes the digits from Swift's own text, which has the same ones in another layout.
    init(_ magnitude: Float) {
      var text = magnitude.description
      text.withUTF8 { text in
        var isFraction = false
        var position = 0
        while position < text.count, text[position] != UInt8(ascii: "e") {
          let byte = text[position]
          position += 1
          if byte == UInt8(ascii: ".") {
            isFraction = true
          } else if byte == UInt8(ascii: "0"), count == 0 {
            if isFraction { point -= 1 }
          } else {
            digits[count] = byte
            count += 1
            if !isFraction { point += 1 }
          }
        }
        if position < text.count { point += Self.exponent(text[(position + 1)...]) }
      }
      while count > 1, digits[count - 1] == UInt8(ascii: "0") { count -= 1 }
    }

    private static func exponent(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
      var exponent = 0
      for byte in text where byte != UInt8(ascii: "-") && byte != UInt8(ascii: "+") {
        exponent = exponent * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return text.first == UInt8(ascii: "-") ? -exponent : exponent
    }

    func appendPositional(to text: inout ByteWriter) {
      if point <= 0 {
        text.append("0.")
        for _ in 0..<(-point) { text.append(UInt8(ascii: "0")) }
        for index in 0..<count { text.append(digits[index]) }
        return
      }
      for index in 0..<point { text.append(index < count ? digits[index] : UInt8(ascii: "0")) }
      text.append(UInt8(ascii: "."))
      if point >= count { text.append(UInt8(ascii: "0")) }
      for index in min(point, count)..<count { text.append(digits[index]) }
    }

    func appendScientific(to text: inout ByteWriter) {
      text.append(digits[0])
      if count > 1 { text.append(UInt8(ascii: ".")) }
      for index in 1..<max(count, 1) { text.append(digits[index]) }
      let exponent = point - 1
      text.append(UInt8(ascii: "e"))
      text.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
      // A Float's exponent has one or two digits.
      text.append(UInt8(ascii: "0") + UInt8(exponent.magnitude / 10))
      text.append(UInt8(ascii: "0") + UInt8(exponent.magnitude % 10))
    }
  }
}
