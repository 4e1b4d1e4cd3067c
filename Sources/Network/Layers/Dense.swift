/// A fully connected layer over the last axis, with bias and activation.
public struct Dense: UnaryLayer {
  public static let className = "Dense"
  public var name: String?
  public var units: Int
  public var useBias: Bool
  public var activation: ActivationFunction

  public init(
    _ units: Int, activation: ActivationFunction = .linear, useBias: Bool = true,
    name: String? = nil
  ) {
    self.units = units
    self.activation = activation
    self.useBias = useBias
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    units = try configuration.integer("units")
    useBias = try configuration.bool("use_bias", default: true)
    activation = try configuration.activation()
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "units": .integer(units), "use_bias": .bool(useBias),
      "activation": try activation.configuration(kerasMajorVersion: version),
    ]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard units > 0 else { throw LayerError("it has \(units) units; expected at least 1") }
    _ = try input.channels
    return Shape(input.sizes.dropLast() + [units])
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let kernel = WeightSpecification("kernel", [try inputs[0].channels, units])
    let bias = WeightSpecification("bias", [units], initializer: .zeros)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let sum = context.dense(
      context.inputs[0], kernel: context.weights[0],
      bias: useBias ? context.weights[1].values : nil)
    return [try context.activate(sum, activation)]
  }
}
