/// Normalisation over groups of channels and all pixels of each item; with as many groups as channels it is
/// tensorflow-addons' `InstanceNormalization`.
public struct GroupNormalization: UnaryLayer {
  public static let className = "GroupNormalization"
  public var name: String?
  /// -1 for as many as there are channels.
  public var groups: Int
  public var axis: Int
  public var epsilon: Float
  public var center: Bool
  public var scale: Bool

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    let isInstance = configuration.className == "InstanceNormalization"
    groups = try configuration.integer("groups", default: isInstance ? -1 : 32)
    if isInstance { groups = -1 }
    axis = try configuration.integers("axis")?.first ?? -1
    epsilon = Float(try configuration.number("epsilon", default: 1e-3))
    center = try configuration.bool("center", default: true)
    scale = try configuration.bool("scale", default: true)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "groups": .integer(groups), "axis": .integer(axis), "epsilon": .decimal(epsilon),
      "center": .bool(center), "scale": .bool(scale),
    ]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    let channels = try channels(input)
    guard groups == -1 || groups > 0 && channels % groups == 0 else {
      throw LayerError("its \(groups) groups do not divide \(channels) channels")
    }
    return input
  }

  private func channels(_ input: Shape) throws -> Int {
    guard let channels = input.sizes[try input.axis(axis)] else {
      throw LayerError("its input \(input) is open along axis \(axis)")
    }
    return channels
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let shape = [try channels(inputs[0])]
    return (scale ? [WeightSpecification("gamma", shape, initializer: .ones)] : [])
      + (center ? [WeightSpecification("beta", shape, initializer: .zeros)] : [])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let shape = try context.outputShape(of: self)
    let axis = try Shape(shape).axis(axis)
    let groups = groups == -1 ? shape[axis] : groups
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let grouped = [outer, groups, shape[axis] / groups, inner]
    var result = context.view(context.inputs[0], shape: grouped)
    result = try context.normalize(result, over: [0, 2, 3], epsilon: epsilon)
    result = context.view(result, shape: shape)
    let whole = shape.indices.map { $0 == axis ? shape[$0] : 1 }
    var weights = context.weights[...]
    if scale, let gamma = weights.popFirst() {
      result = try context.combine(
        .multiplication, result, Tensor(shape: whole, values: gamma.values))
    }
    if center, let beta = weights.popFirst() {
      result = try context.combine(.addition, result, Tensor(shape: whole, values: beta.values))
    }
    return [result]
  }
}
