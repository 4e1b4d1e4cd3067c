import Kernel

/// (x - mean) / √(variance + ε) · γ + β, with mean and variance over some axes of each item.
public struct LayerNormalization: UnaryLayer {
  public static let className = "LayerNormalization"
  public let className: String
  public var name: String?
  /// As Keras counts: with the batch, or from the end where negative.
  public var axes: [Int]
  public var epsilon: Float
  public var center: Bool
  public var scale: Bool
  /// Whether the mean stays where it is. An RMSNormalization divides by the root of the mean square, a
  /// LayerNormalization of Keras 3, for all its name says, by that of the variance.
  public var rmsScaling: Bool

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    axes = try configuration.integers("axis") ?? [-1]
    epsilon = Float(try configuration.number("epsilon", default: 1e-3))
    className = configuration.className
    let isRoot = className == "RMSNormalization"
    center = try configuration.bool("center", default: true) && !isRoot
    scale = try configuration.bool("scale", default: true)
    rmsScaling = isRoot ? true : try configuration.bool("rms_scaling", default: false)
    if isRoot { epsilon = Float(try configuration.number("epsilon", default: 1e-6)) }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    var values: [String: LayerConfiguration.Value] = [
      "axis": .integers(axes), "epsilon": .decimal(epsilon),
    ]
    if className == "RMSNormalization" {
      guard version >= 3 else { throw LayerError("only Keras 3 has the class \(className)") }
      return values
    }
    values["center"] = .bool(center)
    values["scale"] = .bool(scale)
    if rmsScaling {
      guard version >= 3 else { throw LayerError("only Keras 3 has its rms_scaling") }
      values["rms_scaling"] = .bool(true)
    }
    return values
  }

  public func outputShape(_ input: Shape) throws -> Shape { input }

  private var hasCenter: Bool { center && !rmsScaling }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let shape = try axes.map { axis -> Int in
      guard let size = inputs[0].sizes[try inputs[0].axis(axis)] else {
        throw LayerError("its input \(inputs[0]) is open along axis \(axis)")
      }
      return size
    }
    var result: [WeightSpecification] = []
    // A gamma is there with RMS scaling in any case.
    if scale || rmsScaling {
      let isScale = className == "RMSNormalization" || !scale
      result.append(
        WeightSpecification(isScale ? "scale" : "gamma", shape, initializer: .ones))
    }
    if hasCenter { result.append(WeightSpecification("beta", shape, initializer: .zeros)) }
    return result
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let input = context.inputs[0]
    let shape = context.shape(input)
    let own = try axes.map { try Shape(shape).axis($0) }
    var result = try context.normalize(
      input, over: own, epsilon: epsilon, isCentred: !rmsScaling,
      byVariance: className == Self.className)
    let whole = shape.indices.map { own.contains($0) ? shape[$0] : 1 }
    if scale || rmsScaling {
      result = try context.combine(
        .multiplication, result, Tensor(shape: whole, values: context.weights[0].values))
    }
    if hasCenter {
      let beta = context.weights[context.weights.count - 1].values
      result = try context.combine(.addition, result, Tensor(shape: whole, values: beta))
    }
    return [result]
  }
}

extension LoweringContext {
  /// (x - mean) / √(variance + ε) over axes; without `isCentred` the dividend is x, without `byVariance`
  /// the mean of x² is in the place of the variance.
  mutating func normalize(
    _ input: Lowering.Value, over axes: [Int], epsilon: Float, isCentred: Bool = true,
    byVariance: Bool = true
  ) throws -> Lowering.Value {
    var centred = input
    if isCentred || byVariance {
      let mean = reduce(.mean, input, axes: axes, keepDimensions: true)
      centred = try combine(.subtraction, input, mean)
    }
    let square = apply(Kernel.Activation(.square), centred)
    let variance = reduce(.mean, square, axes: axes, keepDimensions: true)
    let factor = apply(
      Kernel.Activation(.reciprocalSquareRoot),
      apply(Kernel.Activation(.affine, alpha: 1, beta: epsilon), variance))
    return try combine(.multiplication, isCentred ? centred : input, factor)
  }
}
