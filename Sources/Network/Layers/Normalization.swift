/// (x - mean) / max(√variance, ε) along some axes, with numbers from `adapt`, which are weights, or from the
/// configuration.
public struct Normalization: UnaryLayer {
  public static let className = "Normalization"
  public var name: String?
  /// The axes that have numbers of their own, as Keras counts.
  public var axes: [Int]
  public var mean: [Double]?
  public var variance: [Double]?
  public var invert: Bool

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    // Without an axis one number is for all.
    axes = configuration.values["axis"] == .null ? [] : try configuration.integers("axis") ?? [-1]
    mean = try configuration.numbers("mean")
    variance = try configuration.numbers("variance")
    invert = try configuration.bool("invert", default: false)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    func numbers(_ values: [Double]?) -> LayerConfiguration.Value {
      guard let values else { return .null }
      return axes.isEmpty && values.count == 1
        ? .number(values[0]) : .list(values.map { .number($0) })
    }
    return [
      "axis": axes.isEmpty ? .null : .integers(axes), "mean": numbers(mean),
      "variance": numbers(variance), "invert": .bool(invert),
    ]
  }

  public func outputShape(_ input: Shape) throws -> Shape { input }

  /// The sizes of the axes with numbers of their own.
  private func ownShape(_ input: Shape) throws -> [Int] {
    try axes.map { try input.axis($0) }.sorted().map { axis in
      guard let size = input.sizes[axis] else {
        throw LayerError("its input \(input) is open along axis \(axis + 1)")
      }
      return size
    }
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    if mean != nil { return [] }
    let shape = try ownShape(inputs[0])
    return [
      WeightSpecification("mean", shape, isTrainable: false, initializer: .zeros),
      WeightSpecification("variance", shape, isTrainable: false, initializer: .ones),
      WeightSpecification("count", [], isTrainable: false, initializer: .zeros),
    ]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let shape = context.shape(context.inputs[0])
    let own = try axes.map { try Shape(shape).axis($0) }
    let whole = shape.indices.map { own.contains($0) ? shape[$0] : 1 }
    let count = whole.reduce(1, *)
    func tensor(_ values: [Float]) throws -> Tensor {
      guard values.count == count || values.count == 1 else {
        throw LayerError("it has \(values.count) numbers; expected \(count)")
      }
      return Tensor(
        shape: whole, values: (0..<count).map { values[values.count == 1 ? 0 : $0] })
    }
    let means = try tensor(mean?.map { Float($0) } ?? context.weights[0].values)
    let variances = try tensor(variance?.map { Float($0) } ?? context.weights[1].values)
    // Keras's epsilon of float32.
    let deviations = Tensor(
      shape: whole, values: variances.values.map { max($0.squareRoot(), 1e-7) })
    if invert {
      let scaled = try context.combine(.multiplication, context.inputs[0], deviations)
      return [try context.combine(.addition, scaled, means)]
    }
    let centred = try context.combine(.subtraction, context.inputs[0], means)
    return [try context.combine(.division, centred, deviations)]
  }
}
