/// A picture a whole number of times as high and wide.
public struct UpSampling2D: UnaryLayer {
  public static let className = "UpSampling2D"
  public var name: String?
  public var size: Size2D
  /// `nearest`, `bilinear`, `bicubic`, `lanczos3`, `lanczos5` or `area`.
  public var interpolation: String

  public init(_ size: Size2D = 2, interpolation: String = "nearest", name: String? = nil) {
    self.size = size
    self.interpolation = interpolation
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(
      try configuration.size2D("size", default: 2),
      interpolation: try configuration.string("interpolation", default: "nearest"),
      name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "size": .size(size), "interpolation": .string(interpolation),
      "data_format": .string("channels_last"),
    ]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == 3 else {
      throw LayerError("its input has shape \(input); expected (None, height, width, channels)")
    }
    return Shape([
      input.sizes[0].map { $0 * size.height }, input.sizes[1].map { $0 * size.width },
      input.sizes[2],
    ])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let shape = try context.outputShape(of: self)
    if interpolation == "nearest" {
      let rows = (0..<shape[0]).map { $0 / size.height }
      let columns = (0..<shape[1]).map { $0 / size.width }
      return [
        try context.take(context.inputs[0], [rows, columns, Array(0..<shape[2])])
      ]
    }
    return [
      try context.resize(context.inputs[0], to: Size2D(shape[0], shape[1]), interpolation)
    ]
  }
}
