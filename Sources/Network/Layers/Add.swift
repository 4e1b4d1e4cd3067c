/// The sum of two or more values of one shape, taken from the first to the last.
public struct Add: Layer {
  public static let className = "Add"
  public var name: String?

  public init(name: String? = nil) { self.name = name }

  public init(_ configuration: LayerConfiguration) throws { name = configuration.name }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard inputs.count >= 2 else {
      throw LayerError("it has \(inputs.count) inputs; it takes two or more")
    }
    var result = inputs[0]
    for input in inputs.dropFirst() {
      guard input.rank == result.rank,
        zip(input.sizes, result.sizes).allSatisfy({ $0 == nil || $1 == nil || $0 == $1 })
      else {
        let all = inputs.map(\.description).joined(separator: " and ")
        throw LayerError("its inputs have shapes \(all); only equal shapes are supported")
      }
      result = Shape(zip(result.sizes, input.sizes).map { $0 ?? $1 })
    }
    return [result]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    var sum = context.inputs[0]
    for input in context.inputs.dropFirst() { sum = context.add(sum, input) }
    return [sum]
  }
}
