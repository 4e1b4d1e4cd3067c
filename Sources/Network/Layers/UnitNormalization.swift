import Kernel

/// Each item divided by its Euclidean length along some axes.
public struct UnitNormalization: UnaryLayer {
  public static let className = "UnitNormalization"
  public var name: String?
  public var axes: [Int]

  public init(axes: [Int] = [-1], name: String? = nil) {
    self.axes = axes
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(axes: try configuration.integers("axis") ?? [-1], name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["axis": axes.count == 1 ? .integer(axes[0]) : .integers(axes)]
  }

  public func outputShape(_ input: Shape) throws -> Shape { input }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let input = context.inputs[0]
    let own = try axes.map { try Shape(context.shape(input)).axis($0) }
    return [try context.normalizeLength(input, axes: own)]
  }
}

extension LoweringContext {
  /// x / √max(Σx², 10⁻¹²), as TensorFlow's `l2_normalize`.
  mutating func normalizeLength(
    _ input: Lowering.Value, axes: [Int]
  ) throws -> Lowering.Value {
    let square = apply(Kernel.Activation(.square), input)
    let sum = reduce(.sum, square, axes: axes, keepDimensions: true)
    let factor = apply(
      Kernel.Activation(.reciprocalSquareRoot),
      apply(Kernel.Activation(.clip, alpha: 1e-12, beta: .infinity), sum))
    return try combine(.multiplication, input, factor)
  }

  /// x / (bias + α · Σx² over neighbouring channels)^β, as TensorFlow's `local_response_normalization`.
  mutating func normalizeLocally(
    _ input: Lowering.Value, radius: Int, bias: Float, alpha: Float, beta: Float
  ) throws -> Lowering.Value {
    let last = shape(input).count - 1
    let channels = shape(input)[last]
    let places = (0..<channels).map { channel in
      (channel - radius...channel + radius).map { (0..<channels).contains($0) ? $0 : -1 }
    }
    let weights = places.map { $0.map { _ in Float(1) } }
    let square = apply(Kernel.Activation(.square), input)
    let sum = resample(square, axis: last, places: places, weights: weights)
    let factor = apply(
      Kernel.Activation(.power, alpha: -beta),
      apply(Kernel.Activation(.affine, alpha: alpha, beta: bias), sum))
    return try combine(.multiplication, input, factor)
  }
}
