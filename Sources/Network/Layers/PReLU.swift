import Kernel

/// x where positive, else α · x, with a learned α for each value or for each of some axes.
public struct PReLU: UnaryLayer {
  public static let className = "PReLU"
  public var name: String?
  /// The axes along which α is the same, counted from 1.
  public var sharedAxes: [Int]

  public init(sharedAxes: [Int] = [], name: String? = nil) {
    self.sharedAxes = sharedAxes
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(
      sharedAxes: try configuration.integers("shared_axes") ?? [], name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["shared_axes": sharedAxes.isEmpty ? .null : .integers(sharedAxes)]
  }

  public func outputShape(_ input: Shape) throws -> Shape { input }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let shape = try inputs[0].sizes.enumerated().map { axis, size in
      if sharedAxes.contains(axis + 1) { return 1 }
      guard let size else {
        throw LayerError("its input \(inputs[0]) is open along an axis that it does not share")
      }
      return size
    }
    return [WeightSpecification("alpha", shape, initializer: .zeros)]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let input = context.inputs[0]
    let positive = context.apply(Kernel.Activation(.relu), input)
    let negative = context.apply(Kernel.Activation(.clip, alpha: -.infinity, beta: 0), input)
    let scaled = try context.combine(.multiplication, negative, context.weights[0])
    return [context.add(positive, scaled)]
  }
}
