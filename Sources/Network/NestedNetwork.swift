/// A model used as a layer of another.
public struct NestedNetwork: Layer {
  /// Keras saves `Sequential` or `Functional`; the loader makes these, not the registry.
  public static let className = "Functional"
  public var name: String?
  public var network: Network

  public init(_ network: Network) {
    self.network = network
    name = network.name
  }

  public init(_ configuration: LayerConfiguration) throws {
    throw LayerError("a nested model cannot be made of a layer's configuration")
  }

  public var className: String { network.kind.rawValue }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    try resized(inputs).outputShapes
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    try context.lower(try resized(context.inputs.map { Shape(context.shape($0)) }))
  }

  /// The network for the inputs of one call; each call may have other sizes.
  private func resized(_ inputs: [Shape]) throws -> Network {
    guard inputs.count == network.inputs.count else {
      throw LayerError("it has \(inputs.count) inputs; it takes \(network.inputs.count)")
    }
    return try network.resized(inputShapes: inputs)
  }
}
