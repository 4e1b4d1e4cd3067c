/// The numbers of a vector as bars; the largest is marked.
public struct BarChart: Figure {
  public let heading: Heading
  private let values: [Float]
  private let labels: [String]
  /// The place of the largest number, the first of equal ones; nil where none is a number.
  public let winner: Int?

  private let low: Double
  private let high: Double

  /// Up to so many numbers have a line each, with its label and the number.
  private static let mostLines = 40
  /// Up to so many bars stand upright; more numbers share them.
  private static let mostColumns = 1440
  private static let barHeight = 15.0
  private static let lineHeight = 21.0
  private static let plotWidth = 420.0
  private static let plotHeight = 240.0
  private static let gap = 8.0

  /// - Parameter labels: What the numbers are called; nil for their places.
  /// - Precondition: There is a number, and a label for each.
  public init(_ values: [Float], labels: [String]? = nil, heading: Heading) {
    precondition(!values.isEmpty, "there is nothing to draw")
    precondition(labels == nil || labels?.count == values.count, "a label for each number")
    self.values = values
    self.labels = labels ?? values.indices.map(String.init)
    let finite = values.filter(\.isFinite)
    low = min(0, Double(finite.min() ?? 0))
    let top = max(0, Double(finite.max() ?? 0))
    high = top > low ? top : low + 1
    var winner: Int?
    for (index, value) in values.enumerated() where !value.isNaN {
      if winner.map({ value > values[$0] }) ?? true { winner = index }
    }
    self.winner = winner
    var lines = heading.lines
    if let winner {
      lines.append(
        "largest: \(self.labels[winner]), \(NumberText.text(Double(values[winner]), significant: 6))"
      )
    }
    if finite.count < values.count {
      let nan = values.count { $0.isNaN }
      lines.append(
        "not a number (\(ColorMap.notANumber.name)): \(nan) NaN, "
          + "\(values.count - finite.count - nan) infinite")
    }
    let share = Self.share(of: values.count)
    if share > 1 { lines.append("each bar is the range of \(share) values") }
    self.heading = Heading(title: heading.title, lines: lines)
  }

  /// How many of so many numbers share a bar.
  private static func share(of count: Int) -> Int { (count + mostColumns - 1) / mostColumns }

  /// The numbers of each bar.
  private var share: Int { Self.share(of: values.count) }

  private var isList: Bool { values.count <= Self.mostLines }

  private var labelWidth: Double {
    let widest = labels.map { TextStyle.body.bold.width(of: $0) }.max() ?? 0
    return widest.rounded(.up) + Self.gap
  }

  private var ticks: [Double] { Ticks.between(low, high, most: isList ? 6 : 5) }

  /// Of the numbers at the left of the upright bars.
  private var axisWidth: Double {
    let widest = ticks.map { TextStyle.body.width(of: NumberText.short($0)) }.max() ?? 0
    return widest.rounded(.up) + Self.gap
  }

  /// The width of an upright bar: whole pixels, with a gap where there is room.
  private var step: Double { max(1, (720 / Double(values.count)).rounded(.down)) }

  private var columnsWidth: Double { step * Double((values.count + share - 1) / share) }

  public var size: Size {
    if isList {
      let numbers = values.map { TextStyle.body.width(of: text($0)) }.max() ?? 0
      return heading.size(
        around: Size(
          width: labelWidth + Self.plotWidth + Self.gap + numbers.rounded(.up),
          height: Double(values.count) * Self.lineHeight + 20))
    }
    return heading.size(
      around: Size(
        width: axisWidth + columnsWidth + 16, height: Self.plotHeight + 24))
  }

  /// With as many digits as a probability near to 1 takes to be told from it.
  private func text(_ value: Float) -> String {
    NumberText.text(Double(value), significant: 6)
  }

  /// The numbers that share a bar with a number.
  private func neighbours(of index: Int) -> ArraySlice<Float> {
    values[index / share * share..<min(values.count, index / share * share + share)]
  }

  /// Where a number's bar is, in units; one that is not finite goes all the way.
  public func frame(of index: Int) -> Rectangle {
    let finite = neighbours(of: index).filter(\.isFinite).map(Double.init)
    let (least, greatest) = (finite.min() ?? 0, finite.max() ?? high)
    let (from, to) = (place(min(0, least)), place(max(0, greatest)))
    if isList {
      let y = heading.origin.y + Double(index) * Self.lineHeight
      return Rectangle(x: from, y: y + 3, width: to - from, height: Self.barHeight)
    }
    let x = heading.origin.x + axisWidth + Double(index / share) * step
    return Rectangle(x: x, y: to, width: max(1, step - (step > 3 ? 1 : 0)), height: from - to)
  }

  /// Where a number is along the axis.
  private func place(_ value: Double) -> Double {
    let share = (value - low) / (high - low)
    return isList
      ? heading.origin.x + labelWidth + share * Self.plotWidth
      : heading.origin.y + (1 - share) * Self.plotHeight
  }

  public func draw(on canvas: Canvas) {
    heading.draw(on: canvas)
    if isList { drawGridOfList(on: canvas) } else { drawGridOfColumns(on: canvas) }
    for index in stride(from: 0, to: values.count, by: share) {
      let bar = neighbours(of: index)
      let isWinner = winner.map(bar.indices.contains) ?? false
      let color = isWinner ? RGB.accent : .plain
      canvas.fill(
        frame(of: index), bar.allSatisfy(\.isFinite) ? color : ColorMap.notANumber.color)
    }
    guard isList else { return }
    for (index, value) in values.enumerated() {
      let bar = frame(of: index)
      let style =
        index == winner ? TextStyle.body.bold.colored(.accent) : TextStyle.body
      let y = bar.midY - style.lineHeight / 2
      canvas.text(
        labels[index], at: Point(x: heading.origin.x + labelWidth - Self.gap, y: y), style, .right)
      canvas.text(text(value), at: Point(x: bar.maxX + Self.gap, y: y), style)
    }
  }

  private func drawGridOfList(on canvas: Canvas) {
    let top = heading.origin.y
    let bottom = top + Double(values.count) * Self.lineHeight
    for tick in ticks {
      let x = place(tick)
      canvas.line([Point(x: x, y: top), Point(x: x, y: bottom)], tick == 0 ? .faint : .line)
      canvas.text(NumberText.short(tick), at: Point(x: x, y: bottom + 3), .note, .center)
    }
  }

  private func drawGridOfColumns(on canvas: Canvas) {
    let left = heading.origin.x + axisWidth
    let right = left + columnsWidth
    for tick in ticks {
      let y = place(tick)
      canvas.line([Point(x: left, y: y), Point(x: right, y: y)], tick == 0 ? .faint : .line)
      canvas.text(
        NumberText.short(tick),
        at: Point(x: left - Self.gap, y: y - TextStyle.body.lineHeight / 2), .note, .right)
    }
    for index in Ticks.between(0, Double(values.count - 1), most: 10) where index >= 0 {
      canvas.text(
        NumberText.short(index),
        at: Point(
          x: left + (index / Double(share) + 0.5) * step, y: heading.origin.y + Self.plotHeight + 4),
        .note, .center)
    }
  }
}
