/// Pooling into a number of bins along each axis, of a sequence, a picture or a volume.
public struct AdaptivePooling: UnaryLayer {
  public static let className = "AdaptiveAveragePooling2D"
  public let className: String
  public var name: String?
  public var outputSize: [Int]

  static let classNames = [1, 2, 3].flatMap {
    ["AdaptiveAveragePooling\($0)D", "AdaptiveMaxPooling\($0)D"]
  }

  public init(_ configuration: LayerConfiguration) throws {
    className = configuration.className
    name = configuration.name
    let rank = className.hasSuffix("1D") ? 1 : className.hasSuffix("2D") ? 2 : 3
    let sizes = try configuration.integers("output_size") ?? []
    guard sizes.count == 1 || sizes.count == rank, sizes.allSatisfy({ $0 > 0 }) else {
      throw LayerError("its output_size is \(sizes); expected \(rank) positive whole numbers")
    }
    outputSize = sizes.count == 1 ? Array(repeating: sizes[0], count: rank) : sizes
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    guard version >= 3 else { throw LayerError("only Keras 3 has the class \(className)") }
    return ["output_size": .integers(outputSize), "data_format": .string("channels_last")]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == outputSize.count + 1 else {
      throw LayerError("its input has shape \(input); it pools \(outputSize.count) axes")
    }
    return Shape(outputSize + [input.sizes[input.rank - 1]])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    _ = try context.outputShape(of: self)
    var result = context.inputs[0]
    for (axis, count) in outputSize.enumerated() {
      let size = context.shape(result)[axis]
      // Bins overlap where the sizes do not divide.
      let bins = (0..<count).map { $0 * size / count..<(($0 + 1) * size + count - 1) / count }
      let longest = bins.map(\.count).max() ?? 0
      let places = bins.map { bin in
        Array(bin) + Array(repeating: -1, count: longest - bin.count)
      }
      let weights = bins.map { bin in
        Array(repeating: 1 / Float(bin.count), count: longest)
      }
      result = context.resample(
        result, axis: axis, places: places,
        weights: className.contains("Average") ? weights : nil)
    }
    return [result]
  }
}
