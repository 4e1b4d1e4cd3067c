/// The axes in another order.
public struct Permute: UnaryLayer {
  public static let className = "Permute"
  public var name: String?
  /// For each axis of the output, that of the input, counted from 1 as Keras does.
  public var dimensions: [Int]

  public init(_ dimensions: [Int], name: String? = nil) {
    self.dimensions = dimensions
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(try configuration.integers("dims") ?? [], name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["dims": .integers(dimensions)]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard dimensions.sorted() == Array(1..<input.rank + 1) else {
      throw LayerError("its dims are \(dimensions) for an input of shape \(input)")
    }
    return Shape(dimensions.map { input.sizes[$0 - 1] })
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    _ = try context.outputShape(of: self)
    return [try context.permute(context.inputs[0], dimensions.map { $0 - 1 })]
  }
}
