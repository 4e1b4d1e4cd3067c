/// A colour of eight bits a part.
public struct RGB: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  public init(gray level: UInt8) { self.init(level, level, level) }

  /// `0xRRGGBB`.
  init(hex: UInt32) {
    self.init(
      UInt8(truncatingIfNeeded: hex >> 16), UInt8(truncatingIfNeeded: hex >> 8),
      UInt8(truncatingIfNeeded: hex))
  }

  static let white = RGB(gray: 255)
  /// Titles and numbers.
  static let ink = RGB(hex: 0x222222)
  /// What is said less loudly.
  static let faint = RGB(hex: 0x666666)
  /// Grid lines and frames.
  static let line = RGB(hex: 0xD0D0D0)
  /// What is pointed out, and what is not.
  static let accent = RGB(hex: 0xD1601F)
  static let plain = RGB(hex: 0x1F6FB4)
}
