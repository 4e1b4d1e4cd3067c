/// One kind of layer: its arguments, its shapes, its weights, and the operations that it becomes.
///
/// Adding a kind is one file in `Layers` and one line in `LayerRegistry`. A layer is a plain value; its
/// weights belong to the network that it is part of.
public protocol Layer: Sendable {
  /// Keras's name of the class: `Conv2D`.
  static var className: String { get }

  /// Keras's name of this layer's class, which for a nested model depends on its kind.
  var className: String { get }

  /// Makes the layer from the arguments that Keras saved.
  ///
  /// - Throws: `LayerError`, where an argument is not what Keras writes or not supported.
  init(_ configuration: LayerConfiguration) throws

  /// The layer's arguments under the names that a version of Keras saves them under, without those that
  /// every layer has: its name, `trainable` and `dtype`.
  ///
  /// - Throws: `LayerError`, where that version of Keras cannot compute what the layer does.
  func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value]

  /// The layer's own name; nil lets the network number it as Keras does.
  var name: String? { get set }

  /// The shapes of the outputs, one for most layers.
  ///
  /// - Throws: `LayerError`, where the inputs do not fit.
  func outputShapes(_ inputs: [Shape]) throws -> [Shape]

  /// The weights that the layer has for inputs of the given shapes, in Keras's order.
  func weights(_ inputs: [Shape]) throws -> [WeightSpecification]

  /// Appends the operations that compute the layer and returns its outputs.
  func lower(_ context: inout LoweringContext) throws -> [Lowering.Value]
}

extension Layer {
  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] { [] }

  public var className: String { Self.className }
}

/// A weight of a layer: Keras's name for it, its shape, how it begins.
public struct WeightSpecification: Equatable, Sendable {
  /// The last part of the name in a file: `kernel`.
  public var name: String
  public var shape: [Int]
  /// Whether training changes it.
  public var isTrainable: Bool
  /// What Keras's defaults begin with.
  public var initializer: Initializer

  public init(
    _ name: String, _ shape: [Int], isTrainable: Bool = true,
    initializer: Initializer = .glorotUniform
  ) {
    self.name = name
    self.shape = shape
    self.isTrainable = isTrainable
    self.initializer = initializer
  }

  /// The number of values.
  public var count: Int { shape.reduce(1, *) }
}

/// A layer with one input and one output.
public protocol UnaryLayer: Layer {
  func outputShape(_ input: Shape) throws -> Shape
}

extension UnaryLayer {
  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard inputs.count == 1 else {
      throw LayerError("it has \(inputs.count) inputs; it takes one")
    }
    return [try outputShape(inputs[0])]
  }
}
