/// The sum of two or more values, taken from the first to the last; by NumPy's rules where shapes differ.
public struct Add: Layer {
  public static let className = "Add"
  public var name: String?

  public init(name: String? = nil) { self.name = name }

  public init(_ configuration: LayerConfiguration) throws { name = configuration.name }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [:]
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] { [try Shape.merged(inputs)] }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    var sum = context.inputs[0]
    for input in context.inputs.dropFirst() {
      sum =
        context.shape(sum) == context.shape(input)
        ? context.add(sum, input) : try context.combine(.addition, sum, input)
    }
    return [sum]
  }
}
