/// What a random crop is at inference: the middle of a picture of the crop's proportions, brought to its
/// size.
///
/// Keras 2 and the first versions of Keras 3 do that, later ones leave pictures as they are; where a picture
/// has the crop's size already, that is the same.
public struct RandomCrop: UnaryLayer {
  public static let className = "RandomCrop"
  public var name: String?
  private let size: Size2D
  private let kerasMajorVersion: Int

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    size = Size2D(try configuration.integer("height"), try configuration.integer("width"))
    kerasMajorVersion = configuration.kerasMajorVersion
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["height": .integer(size.height), "width": .integer(size.width)]
  }

  private var resizing: Resizing { Resizing(size, cropsToAspectRatio: true) }

  public func outputShape(_ input: Shape) throws -> Shape {
    let output = try resizing.outputShape(input)
    guard kerasMajorVersion < 3 || input == output else {
      throw LayerError(
        "it crops \(input) to \(output), which versions of Keras 3 do differently at inference; put "
          + "a CenterCrop or Resizing in its place")
    }
    return output
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    try context.lower(resizing, context.inputs)
  }
}
