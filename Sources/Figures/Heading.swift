/// What stands above a figure: its title, and lines that say what it shows and how.
public struct Heading: Equatable, Sendable {
  public var title: String
  public var lines: [String]

  public init(title: String, lines: [String] = []) {
    self.title = title
    self.lines = lines
  }

  /// Around every figure.
  static let margin = 16.0
  /// Between the heading and what is below.
  private static let gap = 10.0

  var width: Double {
    max(
      TextStyle.title.width(of: title), lines.map { TextStyle.note.width(of: $0) }.max() ?? 0
    ).rounded(.up)
  }

  /// With the gap to what comes below.
  var height: Double {
    TextStyle.title.lineHeight + Double(lines.count) * TextStyle.note.lineHeight + Self.gap
  }

  /// The whole figure around a body: its margins and the heading, at least as wide as that.
  func size(around body: Size) -> Size {
    Size(
      width: (max(width, body.width) + 2 * Self.margin).rounded(.up),
      height: (height + body.height + 2 * Self.margin).rounded(.up))
  }

  /// Where the body begins.
  var origin: Point { Point(x: Self.margin, y: Self.margin + height) }

  func draw(on canvas: Canvas) {
    canvas.text(title, at: Point(x: Self.margin, y: Self.margin), .title)
    var y = Self.margin + TextStyle.title.lineHeight
    for line in lines {
      canvas.text(line, at: Point(x: Self.margin, y: y), .note)
      y += TextStyle.note.lineHeight
    }
  }
}
