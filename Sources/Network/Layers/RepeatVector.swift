/// A vector as a sequence of so many equal ones.
public struct RepeatVector: UnaryLayer {
  public static let className = "RepeatVector"
  public var name: String?
  public var count: Int

  public init(_ count: Int, name: String? = nil) {
    self.count = count
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(try configuration.integer("n"), name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["n": .integer(count)]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == 1, count > 0 else {
      throw LayerError("it repeats \(count) times an input of shape \(input); expected a vector")
    }
    return Shape([count] + input.sizes)
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    [try context.broadcast(context.inputs[0], to: try context.outputShape(of: self))]
  }
}
