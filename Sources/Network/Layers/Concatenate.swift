/// Values one after the other along an axis.
public struct Concatenate: Layer {
  public static let className = "Concatenate"
  public var name: String?
  /// As Keras counts: with the batch, or from the end where negative.
  public var axis: Int

  public init(axis: Int = -1, name: String? = nil) {
    self.axis = axis
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(axis: try configuration.integer("axis", default: -1), name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["axis": .integer(axis)]
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard var result = inputs.first else { throw LayerError("it has no inputs") }
    let axis = try result.axis(axis)
    for input in inputs.dropFirst() {
      let fits =
        input.rank == result.rank
        && result.sizes.indices.allSatisfy {
          $0 == axis || input.sizes[$0] == nil || result.sizes[$0] == nil
            || input.sizes[$0] == result.sizes[$0]
        }
      guard fits else {
        let all = inputs.map(\.description).joined(separator: " and ")
        throw LayerError(
          "its inputs have shapes \(all); they may differ only along axis \(axis + 1)")
      }
      for index in result.sizes.indices where index != axis {
        result.sizes[index] = result.sizes[index] ?? input.sizes[index]
      }
      if let sum = result.sizes[axis], let size = input.sizes[axis] {
        result.sizes[axis] = sum + size
      } else {
        result.sizes[axis] = nil
      }
    }
    return [result]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    return [context.concatenate(context.inputs, axis: try Shape(output).axis(axis))]
  }
}

extension Shape {
  /// The index into `sizes` of an axis as Keras counts: with the batch, or from the end where negative.
  func axis(_ axis: Int) throws -> Int {
    let index = axis < 0 ? rank + axis : axis - 1
    guard sizes.indices.contains(index) else {
      throw LayerError("its axis is \(axis) for an input of shape \(self)")
    }
    return index
  }
}
