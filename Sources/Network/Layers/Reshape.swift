/// The same values in another shape; nothing is moved.
public struct Reshape: UnaryLayer {
  public static let className = "Reshape"
  public var name: String?
  /// Without the batch; one size may be -1, for what is left.
  public var targetShape: [Int]

  public init(_ targetShape: [Int], name: String? = nil) {
    self.targetShape = targetShape
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    guard let target = try configuration.integers("target_shape") else {
      throw LayerError("its configuration has no 'target_shape'; the file may be damaged")
    }
    self.init(target, name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["target_shape": .integers(targetShape)]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    let open = targetShape.filter { $0 == -1 }.count
    guard open <= 1, targetShape.allSatisfy({ $0 == -1 || $0 > 0 }) else {
      throw LayerError(
        "its target_shape is \(targetShape); expected positive sizes and at most one -1")
    }
    guard let fixed = targetShape.filter({ $0 > 0 }).productOfSizes else {
      throw LayerError("its target_shape \(targetShape) has more values than there can be")
    }
    guard let count = input.count else { return Shape(targetShape.map { $0 == -1 ? nil : $0 }) }
    guard open == 1 ? count % fixed == 0 : count == fixed else {
      throw LayerError("its input \(input) has \(count) values; they do not fill \(targetShape)")
    }
    return Shape(targetShape.map { $0 == -1 ? count / fixed : $0 })
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    [context.view(context.inputs[0], shape: try context.outputShape(of: self))]
  }
}
