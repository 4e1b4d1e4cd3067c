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
    let value = configuration["padding"] ?? .integer(1)
    let sides: [(Int, Int)?]
    if let all = value.integer {
      sides = [(all, all), (all, all)]
    } else {
      sides = (value.list ?? []).map { side in
        if let both = side.integer { return (both, both) }
        guard let pair = side.list, pair.count == 2, let before = pair[0].integer,
          let after = pair[1].integer
        else { return nil }
        return (before, after)
      }
    }
    guard sides.count == 2, let vertical = sides[0], let horizontal = sides[1],
      min(vertical.0, vertical.1, horizontal.0, horizontal.1) >= 0
    else {
      throw LayerError(
        "its padding is \(value); expected a number, two, or two pairs, none negative")
    }
    self.init(
      top: vertical.0, bottom: vertical.1, left: horizontal.0, right: horizontal.1,
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
