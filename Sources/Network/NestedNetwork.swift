/// A model used as a layer of another.
public struct NestedNetwork: Layer {
  /// Keras saves `Sequential` or `Functional`; the loader makes these, not the registry.
  public static let className = "Functional"
  public var name: String?
  public var network: Network
  /// Whether the model is applied to each step of a sequence: Keras's `TimeDistributed`.
  public var isTimeDistributed = false

  public init(_ network: Network) {
    self.network = network
    name = network.name
  }

  public init(_ configuration: LayerConfiguration) throws {
    throw LayerError("a nested model cannot be made of a layer's configuration")
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    throw LayerError("a nested model is written by its layers")
  }

  public var className: String {
    isTimeDistributed ? TimeDistributed.className : network.kind.rawValue
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard isTimeDistributed else { return try resized(inputs).outputShapes }
    guard let input = inputs.first, input.rank > 0 else { throw LayerError("it has no steps") }
    let outputs = try resized([Shape(Array(input.sizes.dropFirst()))]).outputShapes
    return outputs.map { Shape([input.sizes[0]] + $0.sizes) }
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    if isTimeDistributed {
      guard network.outputs.count == 1 else {
        throw LayerError("it has \(network.outputs.count) outputs; only one is supported")
      }
      let step = try resized([Shape(Array(context.shape(context.inputs[0]).dropFirst()))])
      return [
        try context.forEachStep(context.inputs[0]) { context, input in
          try context.lower(step, [input])[0]
        }
      ]
    }
    return try context.lower(
      try resized(context.inputs.map { Shape(context.shape($0)) }), context.inputs)
  }

  /// The network for the inputs of one call; each call may have other sizes.
  private func resized(_ inputs: [Shape]) throws -> Network {
    guard inputs.count == network.inputs.count else {
      throw LayerError("it has \(inputs.count) inputs; it takes \(network.inputs.count)")
    }
    return try network.resized(inputShapes: inputs)
  }
}
