import Kernel
import Runtime

/// What the poolings have in common: the window, and that each channel is pooled by itself.
public protocol Pooling2D: UnaryLayer {
  var window: Window2D { get }
  static var kind: Runtime.Operation.Kind { get }
}

extension Pooling2D {
  public func outputShape(_ input: Shape) throws -> Shape {
    try window.outputShape(input, channels: input.sizes.last ?? nil)
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let geometry = window.geometry(input: context.shape(context.inputs[0]), output: output)
    return [context.pool(context.inputs[0], Self.kind, geometry: geometry, shape: output)]
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    var values = window.configuration(sizeKey: "pool_size")
    values["dilation_rate"] = nil
    return values
  }
}

/// The largest value of each window.
public struct MaxPooling2D: Pooling2D {
  public static let className = "MaxPooling2D"
  public static let kind = Runtime.Operation.Kind.maximumPooling
  public var name: String?
  public var window: Window2D

  /// - Parameter strides: The pool's size where nil.
  public init(
    _ poolSize: Size2D = 2, strides: Size2D? = nil, padding: Window2D.Padding = .valid,
    name: String? = nil
  ) {
    window = Window2D(poolSize, strides: strides ?? poolSize, padding: padding)
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    window = try Window2D(configuration, sizeKey: "pool_size")
  }
}

/// The mean of each window's values inside of the picture.
public struct AveragePooling2D: Pooling2D {
  public static let className = "AveragePooling2D"
  public static let kind = Runtime.Operation.Kind.averagePooling
  public var name: String?
  public var window: Window2D

  /// - Parameter strides: The pool's size where nil.
  public init(
    _ poolSize: Size2D = 2, strides: Size2D? = nil, padding: Window2D.Padding = .valid,
    name: String? = nil
  ) {
    window = Window2D(poolSize, strides: strides ?? poolSize, padding: padding)
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    window = try Window2D(configuration, sizeKey: "pool_size")
  }
}
