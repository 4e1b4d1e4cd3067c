import Figures
import Network
import Testing

@Suite struct FilterGridTests {
  @Test func bringsTheWholeLayerToZeroToOne() throws {
    // One row, two columns, three input channels, two filters.
    let kernel = Tensor(shape: [1, 2, 3, 2], values: (0..<12).map { Float($0) - 4 })
    let grid = try FilterGrid(kernel)
    #expect(grid.filters == 2 && grid.channels == 3 && grid.low == -4 && grid.high == 7)
    #expect(grid[1, 2].values == [5, 11].map { Float($0 / 11.0) })
    let color = grid.colored(0)
    #expect(color[0, 0] == RGB(0, 46, 93) && color.width == 2 && color.height == 1)
  }

  @Test func transposedKernelsHaveTheirFiltersFirst() throws {
    let kernel = Tensor(shape: [1, 1, 2, 3], values: [0, 1, 2, 3, 4, 5])
    let grid = try FilterGrid(kernel, hasFiltersFirst: true)
    #expect(grid.filters == 2 && grid.channels == 3)
    #expect(grid[1, 0].values == [0.6])
  }

  @Test func constantWeightsAreZeroAndVectorsNoKernels() throws {
    let grid = try FilterGrid(Tensor(shape: [3, 1, 2], repeating: 0.5))
    #expect(grid[1, 0].values == [0, 0, 0] && grid[1, 0].rows == 1)
    #expect(throws: FigureError.self) { try FilterGrid(Tensor(shape: [4, 4], repeating: 0)) }
  }
}
