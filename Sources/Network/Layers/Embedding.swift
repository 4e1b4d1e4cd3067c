/// A row of a learned table for each whole number.
public struct Embedding: UnaryLayer {
  public static let className = "Embedding"
  public var name: String?
  public var inputDimension: Int
  public var outputDimension: Int
  /// Whether Keras hides the steps whose number is 0 from later layers, which is not asked for here.
  private var masksZero = false

  public init(_ inputDimension: Int, _ outputDimension: Int, name: String? = nil) {
    self.inputDimension = inputDimension
    self.outputDimension = outputDimension
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(
      try configuration.integer("input_dim"), try configuration.integer("output_dim"),
      name: configuration.name)
    masksZero = try configuration.bool("mask_zero", default: false)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "input_dim": .integer(inputDimension), "output_dim": .integer(outputDimension),
      "mask_zero": .bool(masksZero),
    ]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard inputDimension > 0, outputDimension > 0 else {
      throw LayerError("its table has \(inputDimension) rows of \(outputDimension)")
    }
    return Shape(input.sizes + [outputDimension])
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    [WeightSpecification("embeddings", [inputDimension, outputDimension])]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    [context.lookUp(context.inputs[0], table: context.weights[0])]
  }
}
