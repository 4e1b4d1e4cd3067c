/// An input of a network.
public struct InputLayer: Layer {
  public static let className = "InputLayer"
  public var name: String?
  /// The shape of one input, without the batch.
  public var shape: Shape

  public init(_ shape: Shape, name: String? = nil) {
    self.shape = shape
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    guard let shape = try configuration.inputShape else {
      throw LayerError("its configuration has no 'batch_shape'; the file may be damaged")
    }
    self.init(shape, name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    let sizes: [LayerConfiguration.Value] = shape.sizes.map { $0.map { .integer($0) } ?? .null }
    return [
      version >= 3 ? "batch_shape" : "batch_input_shape": .list([.null] + sizes),
      "sparse": .bool(false), "ragged": .bool(false),
    ]
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] { [shape] }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] { context.inputs }
}

extension LayerConfiguration {
  /// The shape that a layer's configuration gives for the network's input: every version of Keras puts
  /// it into an input layer, older ones also into the first layer of a `Sequential`.
  public var inputShape: Shape? {
    get throws {
      for key in ["batch_shape", "batch_input_shape"] {
        guard let value = self[key] else { continue }
        guard let list = value.list, !list.isEmpty else {
          throw LayerError("its '\(key)' is \(value); expected a list of sizes")
        }
        return Shape(
          try list.dropFirst().map { size in
            if size == .null { return nil }
            guard let integer = size.integer, integer > 0 else {
              throw LayerError("its '\(key)' is \(value); expected positive sizes or null")
            }
            return integer
          })
      }
      return nil
    }
  }
}
