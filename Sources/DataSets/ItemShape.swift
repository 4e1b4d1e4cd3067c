import DataFiles

/// The shapes that items of a file are given.
enum ItemShape {
  /// What items of `stored` sizes are read as: `wanted` where it is said, else pictures without an axis for
  /// channels get one, as networks expect.
  ///
  /// - Throws: `DataFileError` where an item has not as many numbers as `wanted`.
  static func of(
    stored: [Int], wanted: [Int]?, named name: String
  ) throws(DataFileError) -> [Int] {
    guard let wanted else { return stored.count == 2 ? stored + [1] : stored }
    guard wanted.reduce(1, *) == stored.reduce(1, *) else {
      throw DataFileError(
        file: name,
        problem: "its items are of \(text(stored)), but \(text(wanted)) is expected",
        advice: "use data that fits the network, or a network that fits the data")
    }
    return wanted
  }

  /// What rows of so many numbers are read as: `wanted` where it is said, else gray pictures where the
  /// number is a square.
  ///
  /// - Throws: `DataFileError` where a row has not as many numbers as `wanted`.
  static func of(
    row count: Int, wanted: [Int]?, named name: String
  ) throws(DataFileError) -> [Int] {
    if let wanted { return try of(stored: [count], wanted: wanted, named: name) }
    let side = Int(Double(count).squareRoot().rounded())
    return side > 1 && side * side == count ? [side, side, 1] : [count]
  }

  private static func text(_ shape: [Int]) -> String {
    shape.isEmpty ? "one number" : shape.map(String.init).joined(separator: "×")
  }
}
