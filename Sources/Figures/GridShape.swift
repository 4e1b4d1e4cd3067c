/// How many rows and columns a grid has.
public struct GridShape: Equatable, Sendable {
  public var rows: Int
  public var columns: Int

  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// As near to a square as can be without room for more than a row of nothing; never higher than wide.
  public init(nearSquare count: Int) {
    columns = max(1, Int(Double(count).squareRoot().rounded(.up)))
    rows = max(1, (count + columns - 1) / columns)
  }

  /// `8x8`, rows first; nil for another text, or where one is not 1 to 10000.
  public init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let rows = parts[0], let columns = parts[1],
      (1...10000).contains(rows), (1...10000).contains(columns)
    else { return nil }
    self.init(rows: rows, columns: columns)
  }

  public var count: Int { rows * columns }
}
