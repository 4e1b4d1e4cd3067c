import Kernel

/// The steps of a sequence whose values are all the mask's value, set to zero.
///
/// What Keras tells later layers about them besides, they do not ask for here.
public struct Masking: UnaryLayer {
  public static let className = "Masking"
  public var name: String?
  public var maskValue: Float

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    maskValue = Float(try configuration.number("mask_value", default: 0))
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["mask_value": .decimal(maskValue)]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    _ = try input.channels
    return input
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let input = context.inputs[0]
    let value = Tensor(shape: [], values: [maskValue])
    // 1 where a value differs, 0 where it is the mask's.
    let differs = context.apply(
      Kernel.Activation(.sign),
      context.apply(
        Kernel.Activation(.absolute), try context.combine(.subtraction, input, value)))
    let last = context.shape(input).count - 1
    let isKept = context.reduce(.maximum, differs, axes: [last], keepDimensions: true)
    return [try context.combine(.multiplication, input, isKept)]
  }
}
