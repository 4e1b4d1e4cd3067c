import Figures
import Testing

@Suite struct MapGridTests {
  private let heading = Heading(title: "layer")

  @Test(arguments: [ValueRange.perLayer, .perMap, .fixed(low: -1, high: 2)])
  func cellsHaveTheColorsOfTheirNumbers(_ range: ValueRange) throws {
    let maps = numberedMaps(6, rows: 4, columns: 5)
    let colored = ColoredMaps(maps, map: .magma, range: range)
    let grid = MapGrid(colored, heading: heading, shape: GridShape(rows: 2, columns: 3))
    let drawn = try picture(grid)
    for (index, map) in maps.enumerated() {
      let scale = colored.scales[index]
      #expect(
        drawn.cells(in: grid.frame(of: index), rows: 4, columns: 5)
          == map.values.map(scale.color), "map \(index)")
    }
  }

  @Test func theBarsEndsAreTheScales() throws {
    let maps = numberedMaps(4, rows: 6, columns: 6)
    let colored = ColoredMaps(maps, map: .viridis, range: .perLayer)
    let grid = MapGrid(colored, heading: heading, shape: GridShape(nearSquare: 4))
    let scale = try #require(colored.commonScale)
    #expect(scale.low == Double(maps[0].values[0]))
    #expect(scale.high == Double(maps[3].values.last ?? 0))
    #expect(
      colored.rangeText
        == "range per layer: \(NumberText.short(scale.low)) … \(NumberText.short(scale.high))")
    let bar = try #require(grid.colorBarFrame)
    let drawn = try picture(grid)
    let perUnit = FigureFormat.pixelsPerUnit
    let x = Int(bar.midX) * perUnit
    let rows = Int(bar.height) * perUnit
    let colors = (0..<rows).map { drawn.color(x, Int(bar.y) * perUnit + $0) }
    #expect(colors.first == scale.color(Float(scale.high)))
    #expect(colors.last == scale.color(Float(scale.low)))
    // Every colour of the map that there are pixels for, in order.
    let places = colors.map { color in scale.map.colors.lastIndex(of: color) ?? -1 }
    #expect(places == places.sorted(by: >) && Set(places).count > 150)
  }

  @Test func aStackHasNoGapsAndAConstantMapOneColor() throws {
    let maps = (0..<4).map {
      FeatureMap(title: "\($0)", rows: 2, columns: 2, values: [1, 1, 1, 1])
    }
    let colored = ColoredMaps(maps, map: .viridis, range: .perLayer)
    let grid = MapGrid(
      colored, heading: heading, shape: GridShape(rows: 2, columns: 2), cell: 4, isStack: true)
    #expect(grid.frame(of: 1).x == grid.frame(of: 0).maxX)
    #expect(grid.frame(of: 2).y == grid.frame(of: 0).maxY)
    #expect(colored.rangeText.hasSuffix("1 (constant)"))
    let all = Rectangle(
      x: grid.frame(of: 0).x, y: grid.frame(of: 0).y, width: 8, height: 8)
    let cells = try picture(grid).cells(in: all, rows: 4, columns: 4)
    #expect(cells == Array(repeating: ColorMap.viridis.colors[0], count: 16))
  }

  /// Many maps of one cell, one map, long maps.
  @Test(arguments: [(512, 1, 1), (1, 1, 1), (3, 1, 200), (2, 300, 2)])
  func drawsMapsOfAnySize(_ count: Int, _ rows: Int, _ columns: Int) throws {
    let maps = numberedMaps(count, rows: rows, columns: columns)
    let colored = ColoredMaps(maps, map: .plasma, range: .perLayer)
    let grid = MapGrid(colored, heading: heading, shape: GridShape(nearSquare: count))
    let drawn = try picture(grid)
    #expect(drawn.width == Int(grid.size.width) * FigureFormat.pixelsPerUnit)
    #expect(drawn.width < 3000 && drawn.height < 3000)
    for index in [0, count - 1] {
      let frame = grid.frame(of: index)
      #expect(frame.maxX <= grid.size.width && frame.maxY <= grid.size.height)
      #expect(
        drawn.cells(in: frame, rows: rows, columns: columns)
          == maps[index].values.map(colored.scales[index].color))
    }
  }

  @Test func whatIsNoNumberHasItsColor() throws {
    let map = FeatureMap(title: "", rows: 2, columns: 2, values: [0, .nan, .infinity, 1])
    let colored = ColoredMaps([map], map: .gray, range: .perLayer)
    let grid = MapGrid(colored, heading: heading, shape: GridShape(rows: 1, columns: 1))
    let magenta = RGB(255, 0, 255)
    #expect(
      try picture(grid).cells(in: grid.frame(of: 0), rows: 2, columns: 2)
        == [RGB(gray: 0), magenta, magenta, RGB(gray: 255)])
    #expect(grid.heading.lines.contains("not a number (magenta): 1 NaN, 1 infinite"))
  }

  @Test func isWrittenAsSVGAndPDFWithSharpCells() throws {
    let colored = ColoredMaps(
      numberedMaps(2, rows: 3, columns: 3), map: .viridis, range: .perLayer)
    let grid = MapGrid(colored, heading: heading, shape: GridShape(rows: 1, columns: 2))
    let svg = String(decoding: try grid.bytes(as: .svg), as: UTF8.self)
    #expect(svg.contains("<svg") && svg.contains("<image style=\"image-rendering:pixelated\""))
    let pdf = try grid.bytes(as: .pdf)
    #expect(pdf.starts(with: Array("%PDF-".utf8)))
    #expect(!String(decoding: pdf, as: UTF8.self).contains("/Interpolate true"))
    #expect(try pdf == grid.bytes(as: .pdf))
  }

  @Test func refusesWhatIsTooLarge() {
    let colored = ColoredMaps(
      numberedMaps(1, rows: 1, columns: 2), map: .gray, range: .perLayer)
    let grid = MapGrid(
      colored, heading: heading, shape: GridShape(rows: 1, columns: 1), cell: 20000)
    #expect(throws: FigureError.self) { try grid.bytes(as: .png) }
    #expect(throws: Never.self) { try grid.bytes(as: .svg) }
  }
}
