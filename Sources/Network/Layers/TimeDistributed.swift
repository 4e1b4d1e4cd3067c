/// A layer applied to each step of a sequence.
public struct TimeDistributed: UnaryLayer {
  public static let className = "TimeDistributed"
  private var base: any Layer
  public var name: String?

  public init(_ configuration: LayerConfiguration) throws {
    base = try configuration.layer("layer")
    name = configuration.name
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["layer": try base.entry(kerasMajorVersion: version)]
  }

  private func step(_ input: Shape) throws -> Shape {
    guard input.rank > 0 else { throw LayerError("its input has no steps") }
    return Shape(Array(input.sizes.dropFirst()))
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    let inner = try base.outputShapes([step(input)])
    return Shape([input.sizes[0]] + inner[0].sizes)
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    try base.weights([step(inputs[0])])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let weights = context.weights
    let base = base
    return [
      try context.forEachStep(context.inputs[0]) { context, step in
        try context.lower(base, [step], weights: weights)[0]
      }
    ]
  }
}

extension LoweringContext {
  /// What `body` makes of each step of a sequence, as a sequence.
  mutating func forEachStep(
    _ input: Lowering.Value,
    _ body: (inout LoweringContext, Lowering.Value) throws -> Lowering.Value
  ) throws -> Lowering.Value {
    var results: [Lowering.Value] = []
    for step in 0..<shape(input)[0] {
      let result = try body(&self, try element(input, axis: 0, step))
      results.append(view(result, shape: [1] + shape(result)))
    }
    return concatenate(results, axis: 0)
  }
}
