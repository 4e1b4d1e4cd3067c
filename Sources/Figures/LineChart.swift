/// Curves over epochs, in panels side by side.
public struct LineChart: Figure {
  public let heading: Heading
  private let panels: [Panel]

  /// A curve: a number for each epoch, nil where there is none.
  public struct Curve: Sendable {
    public var name: String
    public var values: [Double?]
    /// Which of the colours, counted from 0.
    public var color: Int
    public var isDashed: Bool

    public init(name: String, values: [Double?], color: Int, isDashed: Bool = false) {
      self.name = name
      self.values = values
      self.color = color
      self.isDashed = isDashed
    }
  }

  /// Curves with the same axes.
  public struct Panel: Sendable {
    public var title: String
    public var curves: [Curve]

    public init(title: String, curves: [Curve]) {
      self.title = title
      self.curves = curves
    }

    var finite: [Double] { curves.flatMap(\.values).compactMap { $0 }.filter(\.isFinite) }

    /// The numbers at the lower and the upper end of the axis, with a margin.
    var limits: (low: Double, high: Double) {
      let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
      let margin = high > low ? (high - low) * 0.05 : max(abs(high) * 0.05, 0.05)
      return (low - margin, high + margin)
    }

    var epochs: Int { curves.map(\.values.count).max() ?? 0 }
  }

  static let colors = [
    RGB.plain, .accent, RGB(hex: 0x2E8B57), RGB(hex: 0x8A4FA3), RGB(hex: 0x8C6D31),
    RGB(hex: 0x4A4A4A),
  ]

  private static let plot = Size(width: 340, height: 220)
  private static let titleHeight = 22.0
  private static let footHeight = 38.0
  private static let axisWidth = 52.0
  private static let panelGap = 14.0
  private static let legendLine = 18.0

  /// - Precondition: There is a panel, and each has a curve.
  public init(_ panels: [Panel], heading: Heading) {
    precondition(!panels.isEmpty && panels.allSatisfy { !$0.curves.isEmpty }, "nothing to draw")
    self.panels = panels
    self.heading = heading
  }

  private var legendHeight: Double {
    Double(panels.map(\.curves.count).max() ?? 0) * Self.legendLine + 4
  }

  public var size: Size {
    let width = Self.axisWidth + Self.plot.width
    return heading.size(
      around: Size(
        width: Double(panels.count) * (width + Self.panelGap) - Self.panelGap,
        height: Self.titleHeight + Self.plot.height + Self.footHeight + legendHeight))
  }

  /// Where the axes of a panel enclose, in units.
  public func frame(of panel: Int) -> Rectangle {
    Rectangle(
      x: heading.origin.x + Double(panel) * (Self.axisWidth + Self.plot.width + Self.panelGap)
        + Self.axisWidth,
      y: heading.origin.y + Self.titleHeight, width: Self.plot.width, height: Self.plot.height)
  }

  /// Where a number of an epoch, counted from 0, is in a panel.
  public func place(_ value: Double, epoch: Int, panel: Int) -> Point {
    let area = frame(of: panel)
    let (low, high) = panels[panel].limits
    let last = max(1, panels[panel].epochs - 1)
    return Point(
      x: area.x + 8 + Double(epoch) / Double(last) * (area.width - 16),
      y: area.maxY - (value - low) / (high - low) * area.height)
  }

  public func draw(on canvas: Canvas) {
    heading.draw(on: canvas)
    for (index, panel) in panels.enumerated() {
      drawAxes(index, panel, on: canvas)
      canvas.clipped(to: frame(of: index)) {
        for curve in panel.curves { draw(curve, in: index, on: canvas) }
      }
      drawLegend(index, panel, on: canvas)
    }
  }

  private func drawAxes(_ index: Int, _ panel: Panel, on canvas: Canvas) {
    let area = frame(of: index)
    canvas.text(
      panel.title, at: Point(x: area.midX, y: area.y - Self.titleHeight), TextStyle.body.bold,
      .center)
    let limits = panel.limits
    for tick in Ticks.between(limits.low, limits.high, most: 7) {
      let y = place(tick, epoch: 0, panel: index).y
      canvas.line([Point(x: area.x, y: y), Point(x: area.maxX, y: y)], .line)
      canvas.text(
        NumberText.short(tick),
        at: Point(x: area.x - 7, y: y - TextStyle.body.lineHeight / 2), .note, .right)
    }
    let last = Double(max(1, panel.epochs))
    let epochs = panel.epochs > 1 ? Ticks.between(1, last, most: 10) : [1]
    for tick in epochs where tick == tick.rounded() {
      let x = place(0, epoch: Int(tick) - 1, panel: index).x
      canvas.line([Point(x: x, y: area.maxY), Point(x: x, y: area.maxY + 4)], .faint)
      canvas.text(NumberText.short(tick), at: Point(x: x, y: area.maxY + 5), .note, .center)
    }
    canvas.text("epoch", at: Point(x: area.midX, y: area.maxY + 20), .note, .center)
    canvas.line(
      [
        Point(x: area.x, y: area.y), Point(x: area.x, y: area.maxY),
        Point(x: area.maxX, y: area.maxY),
      ], .faint)
  }

  /// The lines between neighbours that are both numbers, and a dot where one is alone.
  private func draw(_ curve: Curve, in panel: Int, on canvas: Canvas) {
    let color = Self.colors[curve.color % Self.colors.count]
    var run: [Point] = []
    func finish() {
      if run.count == 1 { canvas.dot(run[0], radius: 3, color) }
      canvas.line(run, color, width: 1.8, dashes: curve.isDashed ? [6, 3] : [])
      run = []
    }
    for (epoch, value) in curve.values.enumerated() {
      if let value, value.isFinite {
        run.append(place(value, epoch: epoch, panel: panel))
      } else {
        finish()
      }
    }
    finish()
  }

  private func drawLegend(_ index: Int, _ panel: Panel, on canvas: Canvas) {
    let area = frame(of: index)
    for (line, curve) in panel.curves.enumerated() {
      let y = area.maxY + Self.footHeight + 4 + Double(line) * Self.legendLine
      let color = Self.colors[curve.color % Self.colors.count]
      canvas.line(
        [Point(x: area.x, y: y + 8), Point(x: area.x + 30, y: y + 8)], color, width: 1.8,
        dashes: curve.isDashed ? [6, 3] : [])
      let lost = curve.values.count { $0.map { !$0.isFinite } ?? false }
      let name = curve.name + (lost > 0 ? " (\(lost) not a number)" : "")
      canvas.text(name, at: Point(x: area.x + 38, y: y), .body)
    }
  }
}
