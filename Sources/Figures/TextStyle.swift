/// How a text is written.
struct TextStyle {
  /// The height of a line's letters, in units.
  var size: Double
  var isBold = false
  var color = RGB.ink

  static let title = TextStyle(size: 15, isBold: true)
  static let body = TextStyle(size: 11)
  static let note = TextStyle(size: 11, color: .faint)
  static let caption = TextStyle(size: 9, color: .faint)

  /// From one line to the next.
  var lineHeight: Double { (size * 1.4).rounded() }

  /// From the top of a line to the foot of its letters.
  var ascent: Double { (size * 1.05).rounded() }

  var bold: TextStyle {
    var style = self
    style.isBold = true
    return style
  }

  func colored(_ color: RGB) -> TextStyle {
    var style = self
    style.color = color
    return style
  }

  /// How wide a text is, in units.
  func width(of text: String) -> Double { Canvas.ruler.width(of: text, self) }
}
