/// The kinds of file that figures are written as.
public enum FigureFormat: String, CaseIterable, Sendable {
  case png, svg, pdf

  /// The format that a file's name ends in, in small letters or capitals; nil for another ending.
  public init?(fileName: String) {
    guard let point = fileName.lastIndex(of: ".") else { return nil }
    self.init(rawValue: fileName[fileName.index(after: point)...].lowercased())
  }

  /// How many pixels a PNG has for a unit of the figure: enough for print, and for today's screens.
  public static let pixelsPerUnit = 2
}
