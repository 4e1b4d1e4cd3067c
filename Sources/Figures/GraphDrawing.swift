/// A graph of boxes with a title and lines of text, connected from top to bottom.
public struct GraphDrawing: Figure {
  public let heading: Heading
  private let nodes: [Node]
  private let edges: [(from: Int, to: Int)]
  private let layout: GraphLayout

  /// A box.
  public struct Node: Sendable {
    public var title: String
    public var lines: [String]
    /// Boxes of one kind have one colour.
    public var kind: String

    public init(title: String, lines: [String], kind: String) {
      self.title = title
      self.lines = lines
      self.kind = kind
    }

    var size: Size {
      let widest =
        ([TextStyle.body.bold.width(of: title)] + lines.map { TextStyle.note.width(of: $0) }).max()
      return Size(
        // Even, so that the middle is between pixels.
        width: max(96, 2 * ((widest ?? 0) / 2).rounded(.up) + 24),
        height: TextStyle.body.lineHeight * Double(1 + lines.count) + 12)
    }
  }

  /// Light ones, on which text is read.
  private static let colors = [
    RGB(hex: 0xE3EEF9), RGB(hex: 0xFBE8DA), RGB(hex: 0xE4F2E7), RGB(hex: 0xF0E6F5),
    RGB(hex: 0xF6F1D9), RGB(hex: 0xE0F2F1), RGB(hex: 0xF9E1E7), RGB(hex: 0xECECEC),
  ]

  /// - Parameter edges: From node to node; each leads to one that comes later.
  /// - Precondition: There is a node.
  public init(_ nodes: [Node], edges: [(from: Int, to: Int)], heading: Heading) {
    precondition(!nodes.isEmpty, "there is nothing to draw")
    precondition(edges.allSatisfy { $0.from < $0.to }, "edges lead to later nodes")
    self.nodes = nodes
    self.edges = edges
    self.heading = heading
    layout = GraphLayout(sizes: nodes.map(\.size), edges: edges)
  }

  public var size: Size { heading.size(around: layout.size) }

  /// Where a node's box is, in units.
  public func frame(of index: Int) -> Rectangle {
    let (size, center) = (nodes[index].size, moved(layout.centers[index]))
    return Rectangle(
      x: center.x.rounded() - size.width / 2, y: (center.y - size.height / 2).rounded(),
      width: size.width, height: size.height)
  }

  /// A place of the layout on the figure: in the middle, where the heading is wider.
  private func moved(_ place: Point) -> Point {
    let free = max(0, heading.width - layout.size.width)
    return Point(x: heading.origin.x + free / 2 + place.x, y: heading.origin.y + place.y)
  }

  public func draw(on canvas: Canvas) {
    heading.draw(on: canvas)
    for (edge, bends) in zip(edges, layout.bends) {
      let (from, to) = (frame(of: edge.from), frame(of: edge.to))
      let start = Point(x: from.midX, y: from.maxY)
      canvas.arrow(
        through: [start] + bends.map(moved) + [Point(x: to.midX, y: to.y)], .faint)
    }
    var kinds: [String] = []
    for (index, node) in nodes.enumerated() {
      if !kinds.contains(node.kind) { kinds.append(node.kind) }
      let color = Self.colors[(kinds.firstIndex(of: node.kind) ?? 0) % Self.colors.count]
      let area = frame(of: index)
      canvas.fill(area, radius: 5, color, border: RGB(hex: 0xA0A8B0))
      var y = area.y + 6
      canvas.text(node.title, at: Point(x: area.midX, y: y), TextStyle.body.bold, .center)
      for line in node.lines {
        y += TextStyle.body.lineHeight
        canvas.text(line, at: Point(x: area.midX, y: y), .note, .center)
      }
    }
  }
}
