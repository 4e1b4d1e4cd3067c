/// The products of two values along an axis of each.
public struct Dot: Layer {
  public static let className = "Dot"
  public var name: String?
  /// As Keras counts: with the batch, or from the end where negative.
  public var axes: [Int]
  public var normalize: Bool

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    axes = try configuration.integers("axes") ?? [-1]
    guard axes.count == 1 || axes.count == 2 else {
      throw LayerError("its axes are \(axes); expected one or two")
    }
    normalize = try configuration.bool("normalize", default: false)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "axes": axes.count == 1 ? .integer(axes[0]) : .integers(axes), "normalize": .bool(normalize),
    ]
  }

  private func places(_ inputs: [Shape]) throws -> [Int] {
    guard inputs.count == 2 else { throw LayerError("it has \(inputs.count) inputs; it takes two") }
    return [try inputs[0].axis(axes[0]), try inputs[1].axis(axes[axes.count - 1])]
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    let places = try places(inputs)
    var (first, second) = (inputs[0].sizes, inputs[1].sizes)
    guard first[places[0]] == second[places[1]] else {
      throw LayerError("its inputs have shapes \(inputs[0]) and \(inputs[1]), which do not fit")
    }
    first.remove(at: places[0])
    second.remove(at: places[1])
    return [Shape(first.isEmpty && second.isEmpty ? [1] : first + second)]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let places = try places(context.inputs.map { Shape(context.shape($0)) })
    var inputs = context.inputs
    if normalize {
      for index in 0..<2 {
        inputs[index] = try context.normalizeLength(inputs[index], axes: [places[index]])
      }
    }
    let (first, second) = (context.shape(inputs[0]), context.shape(inputs[1]))
    let length = first[places[0]]
    let rows = try context.permute(
      inputs[0], first.indices.filter { $0 != places[0] } + [places[0]])
    let columns = try context.permute(
      inputs[1], [places[1]] + second.indices.filter { $0 != places[1] })
    let product = context.multiplyMatrices(
      context.view(rows, shape: [1, first.reduce(1, *) / length, length]),
      context.view(columns, shape: [1, length, second.reduce(1, *) / length]))
    return [context.view(product, shape: output)]
  }
}
