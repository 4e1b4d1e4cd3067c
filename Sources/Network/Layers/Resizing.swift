/// A picture brought to a size.
public struct Resizing: UnaryLayer {
  public static let className = "Resizing"
  public var name: String?
  public var size: Size2D
  public var interpolation: String
  public var cropsToAspectRatio: Bool
  public var padsToAspectRatio: Bool
  public var fillValue: Float
  public var antialias: Bool

  public init(
    _ size: Size2D, interpolation: String = "bilinear", cropsToAspectRatio: Bool = false,
    name: String? = nil
  ) {
    self.size = size
    self.interpolation = interpolation
    self.cropsToAspectRatio = cropsToAspectRatio
    padsToAspectRatio = false
    fillValue = 0
    antialias = false
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(
      Size2D(try configuration.integer("height"), try configuration.integer("width")),
      interpolation: try configuration.string("interpolation", default: "bilinear"),
      cropsToAspectRatio: try configuration.bool("crop_to_aspect_ratio", default: false),
      name: configuration.name)
    padsToAspectRatio = try configuration.bool("pad_to_aspect_ratio", default: false)
    fillValue = Float(try configuration.number("fill_value", default: 0))
    antialias = try configuration.bool("antialias", default: false)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    var values: [String: LayerConfiguration.Value] = [
      "height": .integer(size.height), "width": .integer(size.width),
      "interpolation": .string(interpolation), "crop_to_aspect_ratio": .bool(cropsToAspectRatio),
    ]
    if version >= 3 {
      guard interpolation != "area" else {
        throw LayerError("Keras 3 has no interpolation 'area'; only Keras 2 does")
      }
      values["pad_to_aspect_ratio"] = .bool(padsToAspectRatio)
      values["fill_value"] = .decimal(fillValue)
      values["antialias"] = .bool(antialias)
    } else if padsToAspectRatio || antialias {
      throw LayerError("only Keras 3 has its pad_to_aspect_ratio or antialias")
    }
    return values
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == 3, size.height > 0, size.width > 0 else {
      throw LayerError("its input of shape \(input) cannot be brought to \(size)")
    }
    return Shape([size.height, size.width, input.sizes[2]])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    _ = try context.outputShape(of: self)
    var picture = context.inputs[0]
    let shape = context.shape(picture)
    // The height and width of the target's proportions that the picture has, or fits into.
    let height = Int(Float(shape[1] * size.height) / Float(size.width))
    let width = Int(Float(shape[0] * size.width) / Float(size.height))
    if cropsToAspectRatio {
      picture = try context.centred(
        picture, Size2D(max(min(shape[0], height), 1), max(min(shape[1], width), 1)))
    } else if padsToAspectRatio {
      picture = try context.centred(
        picture, Size2D(max(shape[0], height), max(shape[1], width)), fill: fillValue)
    }
    return [try context.resize(picture, to: size, interpolation, antialias: antialias)]
  }
}

/// The middle of a picture, which is resized where it is smaller.
public struct CenterCrop: UnaryLayer {
  public static let className = "CenterCrop"
  public var name: String?
  public var size: Size2D

  public init(_ size: Size2D, name: String? = nil) {
    self.size = size
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(
      Size2D(try configuration.integer("height"), try configuration.integer("width")),
      name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["height": .integer(size.height), "width": .integer(size.width)]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    try Resizing(size).outputShape(input)
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    _ = try context.outputShape(of: self)
    let shape = context.shape(context.inputs[0])
    guard shape[0] >= size.height, shape[1] >= size.width else {
      return try context.lower(Resizing(size, cropsToAspectRatio: true), context.inputs)
    }
    return [try context.centred(context.inputs[0], size)]
  }
}

extension LoweringContext {
  /// The middle of a picture, or a picture in the middle of a larger one.
  fileprivate mutating func centred(
    _ input: Lowering.Value, _ size: Size2D, fill: Float = 0
  ) throws -> Lowering.Value {
    let from = shape(input)
    func indices(_ have: Int, _ want: Int) -> [Int] {
      let before = have >= want ? (have - want) / 2 : -((want - have) / 2)
      return (before..<before + want).map { $0 < have ? $0 : -1 }
    }
    return try take(
      input,
      [indices(from[0], size.height), indices(from[1], size.width), Array(0..<from[2])],
      fill: fill)
  }
}
