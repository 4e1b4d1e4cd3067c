#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How an axis of a picture is brought to another length, as TensorFlow does it: for each output the
/// inputs that it is a weighted sum of.
struct Resampling {
  var places: [[Int]]
  var weights: [[Float]]

  private init(places: [[Int]], weights: [[Float]]) {
    self.places = places
    self.weights = weights
  }

  /// - Throws: `LayerError`, where the interpolation is not known.
  init(_ interpolation: String, from: Int, to: Int, antialias: Bool = false) throws {
    let scale = Float(from) / Float(to)
    switch interpolation {
    case "nearest":
      let places = (0..<to).map { [min(Int((Float($0) + 0.5) * scale), from - 1)] }
      self.init(places: places, weights: places.map { _ in [1] })
    case "area":
      self.init(area: from, to)
    case "bilinear" where !antialias:
      let at = (0..<to).map { (Float($0) + 0.5) * scale - 0.5 }
      let places = at.map { x in
        let lower = Int(x.rounded(.down))
        return [max(lower, 0), min(max(lower + 1, 0), from - 1)]
      }
      let weights = at.map { x in
        let fraction = x - x.rounded(.down)
        return [1 - fraction, fraction]
      }
      self.init(places: places, weights: weights)
    case "bilinear": self.init(from, to, antialias, radius: 1) { max(0, 1 - $0) }
    case "bicubic" where !antialias: self.init(bicubic: from, to)
    case "bicubic": self.init(from, to, antialias, radius: 2, Self.keysCubic)
    case "lanczos3": self.init(from, to, antialias, radius: 3) { Self.lanczos($0, radius: 3) }
    case "lanczos5": self.init(from, to, antialias, radius: 5) { Self.lanczos($0, radius: 5) }
    default:
      throw LayerError(
        "its interpolation '\(interpolation)' is not supported; supported are nearest, bilinear, "
          + "bicubic, area, lanczos3 and lanczos5")
    }
  }

  /// Each output as the mean of what it covers.
  private init(area from: Int, _ to: Int) {
    let scale = Double(from) / Double(to)
    places = []
    weights = []
    let most = Int(scale.rounded(.up)) + 1
    for index in 0..<to {
      let (begin, end) = (Double(index) * scale, Double(index + 1) * scale)
      let first = Int(begin)
      places.append((0..<most).map { first + $0 < from ? first + $0 : -1 })
      weights.append(
        (0..<most).map { offset in
          let low = max(begin, Double(first + offset))
          let high = min(end, Double(first + offset + 1))
          return Float(max(high - low, 0) / scale)
        })
    }
  }

  /// Keys, Cubic Convolution Interpolation for Digital Image Processing, 1981, with a = -1/2; weights
  /// outside of the picture are shared out. The fraction is one of 1,024, as in TensorFlow.
  private init(bicubic from: Int, _ to: Int) {
    let scale = Float(from) / Float(to)
    places = []
    weights = []
    for index in 0..<to {
      let at = (Float(index) + 0.5) * scale - 0.5
      let lower = at.rounded(.down)
      let offset = ((at - lower) * 1024).rounded(.toNearestOrEven) / 1024
      let seen = (-1...2).map { Int(lower) + $0 }
      let raw = [1 + offset, offset, 1 - offset, 2 - offset].map(Self.keysCubic)
      let inside = zip(seen, raw).map { (0..<from).contains($0) ? $1 : 0 }
      let sum = inside.reduce(0, +)
      places.append(seen.map { min(max($0, 0), from - 1) })
      weights.append(inside.map { abs($0) > 0 ? $0 / sum : 0 })
    }
  }

  private static func keysCubic(_ x: Float) -> Float {
    if x >= 2 { return 0 }
    if x >= 1 { return ((-0.5 * x + 2.5) * x - 4) * x + 2 }
    return (1.5 * x - 2.5) * x * x + 1
  }

  private static func lanczos(_ x: Float, radius: Float) -> Float {
    if x > radius { return 0 }
    if x <= 1e-3 { return 1 }
    return radius * sin(.pi * x) * sin(.pi * x / radius) / (.pi * .pi * x * x)
  }

  /// A kernel around each output's place, stretched where many inputs fall on one output and
  /// `antialias` is asked for: TensorFlow's ScaleAndTranslate.
  private init(
    _ from: Int, _ to: Int, _ antialias: Bool, radius: Float, _ kernel: (Float) -> Float
  ) {
    let scale = Float(from) / Float(to)
    let stretch = antialias ? max(scale, 1) : 1
    let most = min(2 * Int((radius * stretch).rounded(.up)) + 1, from)
    places = []
    weights = []
    for index in 0..<to {
      let at = (Float(index) + 0.5) * scale
      let first = min(max(Int((at - radius * stretch - 0.5).rounded(.up)), 0), from - 1)
      let last = min(max(Int((at + radius * stretch - 0.5).rounded(.down)), 0), from - 1)
      let raw = (first...last).map { kernel(abs((Float($0) + 0.5 - at) / stretch)) }
      let sum = raw.reduce(0, +)
      let count = last - first + 1
      let fill = max(most - count, 0)
      places.append(Array(first...last) + Array(repeating: -1, count: fill))
      weights.append(raw.map { $0 / sum } + Array(repeating: 0, count: fill))
    }
    let longest = places.map(\.count).max() ?? 0
    for index in places.indices {
      let fill = longest - places[index].count
      places[index] += Array(repeating: -1, count: fill)
      weights[index] += Array(repeating: 0, count: fill)
    }
  }
}

extension LoweringContext {
  /// A picture (height, width, channels) in another size.
  mutating func resize(
    _ input: Lowering.Value, to size: Size2D, _ interpolation: String, antialias: Bool = false
  ) throws -> Lowering.Value {
    guard (1..<1 << 20).contains(size.height), (1..<1 << 20).contains(size.width) else {
      throw LayerError("its size is \(size.height) by \(size.width) pixels")
    }
    var result = input
    for (axis, length) in [(0, size.height), (1, size.width)] {
      let from = shape(result)[axis]
      if from == length { continue }
      let resampling = try Resampling(
        interpolation, from: from, to: length, antialias: antialias)
      result =
        interpolation == "nearest"
        ? try take(result, axis: axis, resampling.places.map { $0[0] })
        : resample(
          result, axis: axis, places: resampling.places, weights: resampling.weights)
    }
    return result
  }
}
