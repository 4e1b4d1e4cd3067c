import Kernel

/// Two or more values combined element by element, by NumPy's rules, from the first to the last.
public struct Merging: Layer {
  public static let className = "Multiply"
  public let className: String
  public var name: String?

  public init(_ className: String = "Multiply", name: String? = nil) {
    self.className = className
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(configuration.className, name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [:]
  }

  /// The class names of all such layers, and their functions.
  static let functions: [String: BinaryFunction] = [
    "Multiply": .multiplication, "Subtract": .subtraction, "Average": .addition,
    "Maximum": .maximum, "Minimum": .minimum,
  ]

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    [try Shape.merged(inputs)]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    var result = context.inputs[0]
    for input in context.inputs.dropFirst() {
      result = try context.combine(
        Self.functions[className] ?? .multiplication, result, input)
    }
    if className == "Average" {
      let count = Tensor(shape: [], values: [Float(context.inputs.count)])
      result = try context.combine(.division, result, count)
    }
    return [result]
  }
}

extension Shape {
  /// The shape that inputs fill together by NumPy's rules.
  static func merged(_ inputs: [Shape]) throws -> Shape {
    guard inputs.count >= 2 else {
      throw LayerError("it has \(inputs.count) inputs; it takes two or more")
    }
    var result = inputs[0].sizes
    for input in inputs.dropFirst() {
      let rank = max(result.count, input.rank)
      let first = Array(repeating: 1, count: rank - result.count) + result
      let second = Array(repeating: 1, count: rank - input.rank) + input.sizes
      result = try zip(first, second).map { x, y in
        if x == 1 { return y }
        if y == 1 || y == nil || x == y { return x }
        guard x == nil else {
          let all = inputs.map(\.description).joined(separator: " and ")
          throw LayerError("its inputs have shapes \(all), which do not fit")
        }
        return y
      }
    }
    return Shape(result)
  }
}
