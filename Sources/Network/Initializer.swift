#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a weight begins, by Keras's formulas.
public enum Initializer: Equatable, Sendable {
  case zeros
  case ones
  case constant(Double)
  /// `gain` on the diagonal of a matrix, zeros elsewhere.
  case identity(gain: Double = 1)
  case randomUniform(minimum: Double = -0.05, maximum: Double = 0.05)
  case randomNormal(mean: Double = 0, deviation: Double = 0.05)
  /// As `randomNormal`, drawn again where it is beyond two deviations.
  case truncatedNormal(mean: Double = 0, deviation: Double = 0.05)
  /// `gain` times a matrix whose rows or columns, whichever are fewer, are orthogonal and of length one.
  case orthogonal(gain: Double = 1)
  /// Of the variance `scale` / n, where n is what `mode` says of the weight's `Fans`.
  case varianceScaling(
    scale: Double = 1, mode: Mode = .fanIn, distribution: Distribution = .truncatedNormal)

  public enum Mode: String, CaseIterable, Sendable {
    case fanIn = "fan_in"
    case fanOut = "fan_out"
    case fanAverage = "fan_avg"
  }

  public enum Distribution: String, CaseIterable, Sendable {
    case truncatedNormal = "truncated_normal"
    case untruncatedNormal = "untruncated_normal"
    case uniform
  }

  /// Glorot and Bengio, Understanding the difficulty of training deep feedforward networks, 2010.
  public static let glorotUniform = varianceScaling(mode: .fanAverage, distribution: .uniform)
  public static let glorotNormal = varianceScaling(mode: .fanAverage)
  /// He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015.
  public static let heUniform = varianceScaling(scale: 2, distribution: .uniform)
  public static let heNormal = varianceScaling(scale: 2)
  /// LeCun, Bottou, Orr and Müller, Efficient backprop, 1998.
  public static let lecunUniform = varianceScaling(distribution: .uniform)
  public static let lecunNormal = varianceScaling()

  /// How many numbers an output of a layer is made of, and how many outputs an input goes into.
  public struct Fans: Equatable, Sendable {
    public var input: Int
    public var output: Int

    /// - Parameter shape: A kernel's: all axes but the last two are a window's, a depthwise kernel's
    ///   too.
    public init(_ shape: [Int]) {
      let area = shape.dropLast(2).reduce(1, *)
      input = shape.count < 2 ? shape.first ?? 1 : area * shape[shape.count - 2]
      output = area * (shape.last ?? 1)
    }
  }

  /// The standard deviation of a normal distribution of deviation one that is cut off at two of them.
  static let truncatedDeviation = 0.87962566103423978

  /// The first values of a weight.
  ///
  /// The same numbers of the generator give the same values.
  ///
  /// - Throws: `LayerError`, where a weight of that shape cannot begin so.
  public func tensor(
    _ shape: [Int], using generator: inout some RandomNumberGenerator
  ) throws -> Tensor {
    let count = shape.reduce(1, *)
    func each(_ value: (inout Normal) -> Double) -> Tensor {
      var normal = Normal()
      return Tensor(shape: shape, values: (0..<count).map { _ in Float(value(&normal)) })
    }
    switch self {
    case .zeros: return Tensor(shape: shape, repeating: 0)
    case .ones: return Tensor(shape: shape, repeating: 1)
    case .constant(let value): return Tensor(shape: shape, repeating: Float(value))
    case .identity(let gain):
      guard shape.count == 2 else {
        throw LayerError(
          "a weight of shape \(shape) cannot begin as the identity; expected a matrix")
      }
      var result = Tensor(shape: shape, repeating: 0)
      for place in 0..<min(shape[0], shape[1]) {
        result.values[place * shape[1] + place] = Float(gain)
      }
      return result
    case .randomUniform(let minimum, let maximum):
      let (least, most) = (Float(min(minimum, maximum)), Float(max(minimum, maximum)))
      return Tensor(
        shape: shape,
        values: (0..<count).map { _ in Float.random(in: least...most, using: &generator) })
    case .randomNormal(let mean, let deviation):
      return each { mean + deviation * $0.next(using: &generator) }
    case .truncatedNormal(let mean, let deviation):
      return each { mean + deviation * $0.nextTruncated(using: &generator) }
    case .orthogonal(let gain):
      guard shape.count >= 2 else {
        throw LayerError(
          "a weight of shape \(shape) cannot begin orthogonal; expected two axes or more")
      }
      return Self.orthogonal(shape, gain, using: &generator)
    case .varianceScaling(let scale, let mode, let distribution):
      return try Self.scaled(shape, scale, mode, distribution).tensor(shape, using: &generator)
    }
  }

  /// The distribution that a scale is of, for a shape.
  private static func scaled(
    _ shape: [Int], _ scale: Double, _ mode: Mode, _ distribution: Distribution
  ) -> Initializer {
    let fans = Fans(shape)
    let fan =
      switch mode {
      case .fanIn: Double(fans.input)
      case .fanOut: Double(fans.output)
      case .fanAverage: Double(fans.input + fans.output) / 2
      }
    let variance = scale / max(fan, 1)
    switch distribution {
    case .uniform:
      let limit = (3 * variance).squareRoot()
      return .randomUniform(minimum: -limit, maximum: limit)
    case .untruncatedNormal: return .randomNormal(deviation: variance.squareRoot())
    case .truncatedNormal:
      return .truncatedNormal(deviation: variance.squareRoot() / truncatedDeviation)
    }
  }

  /// Random vectors, each made orthogonal to those before it (Gram and Schmidt, twice for the sake of
  /// rounding), which is the Q of a QR decomposition whose R has a positive diagonal.
  private static func orthogonal(
    _ shape: [Int], _ gain: Double, using generator: inout some RandomNumberGenerator
  ) -> Tensor {
    let (rows, columns) = (shape.dropLast().reduce(1, *), shape[shape.count - 1])
    let (count, length) = (min(rows, columns), max(rows, columns))
    var normal = Normal()
    var vectors: [[Double]] = []
    for _ in 0..<count {
      var vector = (0..<length).map { _ in normal.next(using: &generator) }
      for other in vectors + vectors {
        var product = 0.0
        for index in 0..<length { product += other[index] * vector[index] }
        for index in 0..<length { vector[index] -= product * other[index] }
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vectors.append(vector.map { $0 / norm })
    }
    var result = Tensor(shape: shape, repeating: 0)
    for row in 0..<rows {
      for column in 0..<columns {
        let value = rows >= columns ? vectors[column][row] : vectors[row][column]
        result.values[row * columns + column] = Float(gain * value)
      }
    }
    return result
  }
}

/// Normally distributed numbers by Box and Muller's method, which makes two at a time.
private struct Normal {
  private var other: Double?

  mutating func next(using generator: inout some RandomNumberGenerator) -> Double {
    if let value = other {
      other = nil
      return value
    }
    // In (0, 1], whose logarithm is finite.
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &generator))).squareRoot()
    let angle = 2 * Double.pi * Double.random(in: 0..<1, using: &generator)
    other = radius * sin(angle)
    return radius * cos(angle)
  }

  mutating func nextTruncated(using generator: inout some RandomNumberGenerator) -> Double {
    while true {
      let value = next(using: &generator)
      if abs(value) <= 2 { return value }
    }
  }
}
