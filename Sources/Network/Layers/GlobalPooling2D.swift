import Kernel
import Runtime

/// What the poolings over a whole picture have in common.
public protocol GlobalPooling2D: UnaryLayer {
  /// Whether height and width stay, as 1.
  var keepDimensions: Bool { get }
  static var kind: Runtime.Operation.Kind { get }
}

extension GlobalPooling2D {
  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == 3 else {
      throw LayerError("its input has shape \(input); expected (None, height, width, channels)")
    }
    return Shape(keepDimensions ? [1, 1, input.sizes[2]] : [input.sizes[2]])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let input = context.shape(context.inputs[0])
    let geometry = Window2D(Size2D(input[0], input[1]))
      .geometry(input: input, output: [1, 1, input[2]])
    return [
      context.pool(
        context.inputs[0], Self.kind, geometry: geometry,
        shape: try context.outputShape(of: self))
    ]
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["keepdims": .bool(keepDimensions), "data_format": .string("channels_last")]
  }
}

/// The largest value of each channel.
public struct GlobalMaxPooling2D: GlobalPooling2D {
  public static let className = "GlobalMaxPooling2D"
  public static let kind = Runtime.Operation.Kind.maximumPooling
  public var name: String?
  public var keepDimensions: Bool

  public init(keepDimensions: Bool = false, name: String? = nil) {
    self.keepDimensions = keepDimensions
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    try configuration.requireChannelsLast()
    self.init(
      keepDimensions: try configuration.bool("keepdims", default: false), name: configuration.name)
  }
}

/// The mean of each channel.
public struct GlobalAveragePooling2D: GlobalPooling2D {
  public static let className = "GlobalAveragePooling2D"
  public static let kind = Runtime.Operation.Kind.averagePooling
  public var name: String?
  public var keepDimensions: Bool

  public init(keepDimensions: Bool = false, name: String? = nil) {
    self.keepDimensions = keepDimensions
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    try configuration.requireChannelsLast()
    self.init(
      keepDimensions: try configuration.bool("keepdims", default: false), name: configuration.name)
  }
}
