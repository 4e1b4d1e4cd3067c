import Figures
import Testing

@Suite struct ChartTests {
  private let heading = Heading(title: "chart")

  @Test func barsAreAsLongAsTheirNumbersAndTheLargestIsMarked() throws {
    let chart = BarChart([0.5, -0.25, 1, .nan], labels: ["a", "b", "c", "d"], heading: heading)
    #expect(chart.winner == 2)
    #expect(chart.heading.lines.contains("largest: c, 1"))
    #expect(chart.heading.lines.contains("not a number (magenta): 1 NaN, 0 infinite"))
    let widths = (0..<3).map { chart.frame(of: $0).width }
    #expect(abs(widths[0] - widths[2] / 2) < 1e-9 && abs(widths[1] - widths[2] / 4) < 1e-9)
    #expect(abs(chart.frame(of: 1).maxX - chart.frame(of: 0).x) < 1e-9)
    let drawn = try picture(chart)
    func color(_ index: Int) -> RGB {
      let bar = chart.frame(of: index)
      return drawn.color(Int(bar.midX) * 2, Int(bar.midY) * 2)
    }
    #expect(color(2) != color(0) && color(1) == color(0))
    #expect(color(3) == ColorMap.notANumber.color)
  }

  @Test(arguments: [1, 40, 41, 1600, 25088])
  func drawsVectorsOfAnyLength(_ count: Int) throws {
    let chart = BarChart((0..<count).map { Float($0 % 7) }, heading: heading)
    let drawn = try picture(chart)
    #expect(drawn.width < 4000)
    if count > 20000 {
      #expect(chart.heading.lines.contains("each bar is the range of 18 values"))
    }
    #expect(chart.frame(of: count - 1).maxX <= chart.size.width)
  }

  @Test func curvesGoThroughTheirNumbersAndLeaveGaps() throws {
    let curve = LineChart.Curve(name: "training", values: [1, 0.5, nil, .nan, 0.25], color: 0)
    let chart = LineChart([LineChart.Panel(title: "loss", curves: [curve])], heading: heading)
    let drawn = try picture(chart)
    func color(_ place: Point) -> RGB { drawn.color(Int(place.x * 2), Int(place.y * 2)) }
    let line = color(chart.place(1, epoch: 0, panel: 0))
    #expect(line != RGB(gray: 255))
    #expect(color(chart.place(0.25, epoch: 4, panel: 0)) == line)
    #expect(color(chart.place(0.4, epoch: 2, panel: 0)) != line)
    #expect(chart.place(1, epoch: 0, panel: 0).y < chart.place(0.5, epoch: 1, panel: 0).y)
  }

  @Test func branchesStandSideBySide() throws {
    let names = ["input", "left", "right", "add", "output"]
    let nodes = names.map { GraphDrawing.Node(title: $0, lines: ["Layer"], kind: $0) }
    let edges = [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3), (3, 4)].map { (from: $0.0, to: $0.1) }
    let drawing = GraphDrawing(nodes, edges: edges, heading: heading)
    let frames = nodes.indices.map(drawing.frame)
    #expect(frames[1].y == frames[2].y)
    #expect(frames[1].maxX < frames[2].x || frames[2].maxX < frames[1].x)
    for edge in edges { #expect(frames[edge.from].maxY < frames[edge.to].y) }
    for frame in frames {
      #expect(frame.x >= 0 && frame.maxX <= drawing.size.width)
      #expect(frame.maxY <= drawing.size.height)
    }
    #expect(try picture(drawing).height == Int(drawing.size.height) * 2)
  }
}
