/// A learned factor and a learned summand for each channel: the layer of its own that ports of Caffe's
/// networks bring, such as DenseNet and ResNet-152.
public struct Scale: UnaryLayer {
  public static let className = "Scale"
  public var name: String?
  /// The axis that holds the channels, as Keras counts: with the batch, or from the end where negative.
  public var axis: Int
  /// What was read, with a momentum that nothing uses.
  private let values: [String: LayerConfiguration.Value]

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    axis = try configuration.integer("axis", default: -1)
    values = configuration.arguments
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    values
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    _ = try channels(input)
    return input
  }

  private func channels(_ input: Shape) throws -> Int {
    guard let channels = input.sizes[try input.axis(axis)] else {
      throw LayerError("its input has shape \(input); the size of axis \(axis) must be known")
    }
    return channels
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let shape = [try channels(inputs[0])]
    return [
      WeightSpecification("gamma", shape, initializer: .ones),
      WeightSpecification("beta", shape, initializer: .zeros),
    ]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let shape = context.shape(context.inputs[0])
    let own = try Shape(shape).axis(axis)
    // One value a channel, and the axes behind it.
    let whole = [shape[own]] + Array(repeating: 1, count: shape.count - 1 - own)
    let (gamma, beta) = (context.weights[0], context.weights[1])
    let scaled = try context.combine(
      .multiplication, context.inputs[0], Tensor(shape: whole, values: gamma.values))
    return [try context.combine(.addition, scaled, Tensor(shape: whole, values: beta.values))]
  }
}
