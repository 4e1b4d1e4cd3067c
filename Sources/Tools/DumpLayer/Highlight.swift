import ArgumentParser

/// Which cells of a table are coloured.
enum Highlight: Equatable, ExpressibleByArgument {
  /// Those greater than zero.
  case positive
  /// All, the more the greater.
  case gradient
  /// So many of the greatest; of equal ones the first.
  case top(Int)
  /// Those greater than a number.
  case above(Float)

  init?(argument: String) {
    switch argument {
    case "positive": self = .positive
    case "gradient": self = .gradient
    default:
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      if parts[0] == "top", let count = Int(parts[1]), count > 0 {
        self = .top(count)
      } else if parts[0] == "above", let number = Float(parts[1]), !number.isNaN {
        self = .above(number)
      } else {
        return nil
      }
    }
  }

  var defaultValueDescription: String { "positive" }

  /// How much each cell is coloured, from 0 to 1; NaN never is.
  func strengths(_ values: [Float]) -> [Float] {
    switch self {
    case .positive: return values.map { $0 > 0 ? 1 : 0 }
    case .above(let number): return values.map { $0 > number ? 1 : 0 }
    case .top(let count):
      let order = values.indices.filter { !values[$0].isNaN }
        .sorted { (values[$1], $0) < (values[$0], $1) }
      var result = [Float](repeating: 0, count: values.count)
      for index in order.prefix(count) { result[index] = 1 }
      return result
    case .gradient:
      let finite = values.filter(\.isFinite)
      let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
      return values.map { value in
        guard !value.isNaN, high > low else { return 0 }
        return max(0, min(1, (value - low) / (high - low)))
      }
    }
  }
}
