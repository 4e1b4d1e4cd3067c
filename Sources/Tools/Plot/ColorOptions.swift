import ArgumentParser
import Figures

/// Which colours numbers get.
struct ColorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The colours: viridis, magma, inferno, plasma, cividis, gray, or coolwarm, which is centred on "
        + "zero.", valueName: "name"))
  var colormap = ColorMap.viridis

  @Option(
    help: ArgumentHelp(
      "Which numbers the ends of the colours stand for: per-layer, the least and the greatest of the "
        + "layer; per-map, of each map; or LOW:HIGH, as in --range=-1:1. It is printed on the figure; "
        + "--scale is for the input.", valueName: "range"))
  var range = ValueRange.perLayer

  @Option(help: ArgumentHelp("The pixels of a cell in a PNG.", valueName: "number"))
  var cell: Int?

  func validate() throws {
    if let cell, !(1...1000).contains(cell) {
      throw ValidationError("--cell is \(cell); expected 1 to 1000 pixels")
    }
    try Self.check(colormap, range)
  }

  /// - Throws: `ValidationError`, where colours around zero are given a range that is not.
  static func check(_ colormap: ColorMap, _ range: ValueRange) throws {
    guard colormap.isDiverging, case .fixed(let low, let high) = range, low != -high else { return }
    let limit = NumberText.short(max(abs(low), abs(high)))
    throw ValidationError(
      "\(colormap.rawValue) is centred on zero; expected a range such as --range=-\(limit):\(limit)"
    )
  }

  func colored(_ maps: [FeatureMap]) -> ColoredMaps {
    ColoredMaps(maps, map: colormap, range: range)
  }
}

extension ColorMap: ExpressibleByArgument {}

extension ValueRange: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "per-map": self = .perMap
    case "per-layer": self = .perLayer
    default:
      guard let limits = Limits(argument: argument) else { return nil }
      self = .fixed(low: limits.low, high: limits.high)
    }
  }

  public var defaultValueDescription: String { "per-layer" }

  public static var allValueStrings: [String] { ["per-layer", "per-map", "LOW:HIGH"] }
}

/// Two numbers, the lower first: `0:1`.
struct Limits: ExpressibleByArgument {
  var low: Double
  var high: Double

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0) }
    guard parts.count == 2, numbers.count == 2, numbers.allSatisfy(\.isFinite),
      numbers[0] < numbers[1]
    else { return nil }
    (low, high) = (numbers[0], numbers[1])
  }
}

extension GridShape: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
