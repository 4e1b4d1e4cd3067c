/// Rows and columns of zeros around a picture.
public struct ZeroPadding2D: UnaryLayer {
  public static let className = "ZeroPadding2D"
  public var name: String?
  public var top: Int
  public var bottom: Int
  public var left: Int
  public var right: Int

  public init(top: Int, bottom: Int, left: Int, right: Int, name: String? = nil) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
    self.name = name
  }

  /// As much on all four sides.
  public init(_ padding: Int = 1, name: String? = nil) {
    self.init(top: padding, bottom: padding, left: padding, right: padding, name: name)
  }

  /// Keras writes one number, one for each direction, or two for each.
  public init(_ configuration: LayerConfiguration) throws {
    try configuration.requireChannelsLast()
    let sides = try configuration.sides("padding", rank: 2)
    self.init(
      top: sides[0].before, bottom: sides[0].after, left: sides[1].before, right: sides[1].after,
      name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "padding": .list([.integers([top, bottom]), .integers([left, right])]),
      "data_format": .string("channels_last"),
    ]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == 3 else {
      throw LayerError("its input has shape \(input); expected (None, height, width, channels)")
    }
    return Shape([
      input.sizes[0].map { $0 + top + bottom }, input.sizes[1].map { $0 + left + right },
      input.sizes[2],
    ])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    return [context.pad(context.inputs[0], top: top, left: left, shape: output)]
  }
}
