/// A scale as a bar with its numbers: the upper end is the upper limit.
public struct ColorBar: Sendable {
  let scale: ColorScale
  /// What stands at the ends.
  let lowText: String
  let highText: String
  private let hasTicks: Bool

  static let barWidth = 12.0
  /// Between the bar and its numbers.
  private static let gap = 6.0
  private static let style = TextStyle(size: 10)
  /// The least height at which both ends can be read.
  static let leastHeight = 48.0

  /// With the limits at the ends, and round numbers between them.
  public init(_ scale: ColorScale) {
    self.scale = scale
    lowText = NumberText.short(scale.low)
    highText = NumberText.short(scale.high)
    hasTicks = true
  }

  /// With texts at the ends.
  public init(_ scale: ColorScale, lowText: String, highText: String) {
    self.scale = scale
    self.lowText = lowText
    self.highText = highText
    hasTicks = false
  }

  private var isConstant: Bool { scale.low == scale.high }

  private func ticks(height: Double) -> [(value: Double, text: String)] {
    guard hasTicks, !isConstant else { return [] }
    let all = Ticks.between(scale.low, scale.high, most: max(1, Int(height / 36)))
    return all.compactMap { value in
      // Not over the numbers at the ends.
      let share = (value - scale.low) / (scale.high - scale.low)
      guard share * height > 16, (1 - share) * height > 16 else { return nil }
      return (value, NumberText.short(value))
    }
  }

  /// How much room the bar takes with its numbers.
  func width(height: Double) -> Double {
    let texts = [lowText, highText] + ticks(height: height).map(\.text)
    return Self.barWidth + Self.gap
      + (texts.map { Self.style.width(of: $0) }.max() ?? 0).rounded(.up)
  }

  /// - Parameter place: The upper left corner of the bar.
  func draw(on canvas: Canvas, at place: Point, height: Double) {
    let area = Rectangle(x: place.x, y: place.y, width: Self.barWidth, height: height)
    let steps = max(1, Int(height) * FigureFormat.pixelsPerUnit)
    let cells = (0..<steps).map { step in
      let share = 1 - (Double(step) + 0.5) / Double(steps)
      return scale.color(Float(scale.low + share * (scale.high - scale.low)))
    }
    canvas.draw(Raster(width: 1, height: steps, cells: cells), in: area)
    canvas.frame(area, .line)
    func label(_ text: String, at y: Double) {
      let x = area.maxX + Self.gap
      canvas.line([Point(x: area.maxX, y: y), Point(x: area.maxX + 3, y: y)], .faint)
      canvas.text(text, at: Point(x: x, y: y - Self.style.lineHeight / 2), Self.style)
    }
    if isConstant {
      return label(lowText, at: area.midY)
    }
    label(highText, at: area.y)
    label(lowText, at: area.maxY)
    for tick in ticks(height: height) {
      let share = (tick.value - scale.low) / (scale.high - scale.low)
      label(tick.text, at: area.maxY - share * height)
    }
  }
}
