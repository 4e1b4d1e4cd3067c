/// Colours for numbers from 0 to 1: 256 steps, as matplotlib has them.
public enum ColorMap: String, CaseIterable, Sendable {
  case viridis, magma, inferno, plasma, cividis, gray, coolwarm

  /// The colour of what is no number, which none of the maps has.
  public static let notANumber = (color: RGB(255, 0, 255), name: "magenta")

  /// Whether the middle means zero, so that limits are symmetric.
  public var isDiverging: Bool { self == .coolwarm }

  /// The 256 colours, from the lowest to the highest.
  public var colors: [RGB] {
    switch self {
    case .viridis: Self.decoded(ColorMapTables.viridis)
    case .magma: Self.decoded(ColorMapTables.magma)
    case .inferno: Self.decoded(ColorMapTables.inferno)
    case .plasma: Self.decoded(ColorMapTables.plasma)
    case .cividis: Self.decoded(ColorMapTables.cividis)
    case .gray: (0...255).map { RGB(gray: UInt8($0)) }
    case .coolwarm: Self.decoded(ColorMapTables.coolwarm)
    }
  }

  private static func decoded(_ table: String) -> [RGB] {
    let digits = table.utf8.map { UInt32($0 < 0x3A ? $0 - 0x30 : $0 - 0x57) }
    return stride(from: 0, to: digits.count, by: 6).map { start in
      RGB(hex: digits[start..<start + 6].reduce(0) { $0 << 4 | $1 })
    }
  }
}
