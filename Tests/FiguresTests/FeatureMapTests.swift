import DataFiles
import Figures
import Network
import Testing

@Suite struct FeatureMapTests {
  @Test func takesTheMapsOutOfALayersOutput() throws {
    let output = Tensor(shape: [2, 3, 2], values: (0..<12).map(Float.init))
    let maps = try FeatureMap.maps(of: output)
    #expect(maps.map(\.title) == ["0", "1"])
    #expect(maps[1].values == [1, 3, 5, 7, 9, 11] && maps[1].rows == 2 && maps[1].columns == 3)
    let volume = try FeatureMap.maps(of: Tensor(shape: [2, 2, 3, 1], values: output.values))
    #expect(volume.map(\.title) == ["0:0", "0:1"] && volume[1].values == [6, 7, 8, 9, 10, 11])
    let steps = try FeatureMap.maps(of: Tensor(shape: [4, 3], values: output.values))
    #expect(steps.count == 1 && steps[0].rows == 4 && steps[0].values == output.values)
    for shape in [[12], [1, 1, 2, 2, 3], [0, 2, 2]] {
      let count = shape.reduce(1, *)
      #expect(throws: FigureError.self) {
        try FeatureMap.maps(of: Tensor(shape: shape, values: Array(output.values.prefix(count))))
      }
    }
  }

  @Test func meansGoOverAllChannels() throws {
    let output = Tensor(shape: [1, 2, 2], values: [1, 2, -4, 7])
    let mean = FeatureMap.mean(of: try FeatureMap.maps(of: output), title: "mean")
    #expect(mean.values == [1.5, 1.5] && mean.rows == 1 && mean.columns == 2)
  }

  /// NumPy standardises in single precision: its levels may be one off where they are cut to whole numbers.
  @Test func isStandardizedAsNumPyDoesIt() throws {
    let file = path("strip.npz")
    let arrays = try NPZ.tensors(from: FileBytes.read(file), named: file)
    let maps = try #require(arrays.first { $0.name == "maps" }?.tensor)
    let strip = try #require(arrays.first { $0.name == "strip" }?.tensor)
    let found = try FeatureMap.maps(of: maps).map(\.standardized)
    let width = maps.shape[1]
    for (index, map) in found.enumerated() {
      for (cell, level) in map.values.enumerated() {
        let column = index * width + cell % width
        let expected = strip.values[cell / width * strip.shape[1] + column]
        #expect(abs(level - expected) <= 1, "map \(index), cell \(cell)")
      }
    }
    // No deviation is no division by it.
    #expect(found[3].values.allSatisfy { $0 == 128 })
  }

  /// Strips have the maps side by side, their levels as grays.
  @Test func stripsDrawTheLevels() throws {
    let maps = numberedMaps(3, rows: 4, columns: 5).map(\.standardized)
    let colored = ColoredMaps(maps, map: .gray, range: .fixed(low: 0, high: 255))
    let strips = MapStrips(
      [MapStrips.Strip(title: "layer", maps: colored)],
      scale: ColorScale(.gray, low: 0, high: 255), heading: Heading(title: "strip"))
    let cells = try #require(
      try picture(strips).cells(in: strips.frame(of: 0), rows: 4, columns: 15))
    for row in 0..<4 {
      for column in 0..<15 {
        let level = maps[column / 5].values[row * 5 + column % 5]
        #expect(abs(Int(cells[row * 15 + column].red) - Int(level)) <= 1)
      }
    }
  }

  private func path(_ name: String) -> String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    return parts.joined(separator: "/") + "/Fixtures/figures/" + name
  }
}
