import Kernel
import Runtime

/// The poolings of volumes: along one axis after the other, each a pooling of pictures.
///
/// The largest of the largest is the largest, and the mean of means over as many values the mean; also at
/// the sides, where the number of values is the product of those along the axes.
public struct Pooling3D: UnaryLayer {
  public static let className = "MaxPooling3D"
  public let className: String
  public var name: String?
  private let windows: [Window2D]
  private let isGlobal: Bool
  private let keepDimensions: Bool

  static let classNames = [
    "MaxPooling3D", "AveragePooling3D", "GlobalMaxPooling3D", "GlobalAveragePooling3D",
  ]

  public init(_ configuration: LayerConfiguration) throws {
    className = configuration.className
    name = configuration.name
    isGlobal = className.hasPrefix("Global")
    keepDimensions = try configuration.bool("keepdims", default: false)
    let sizes = try configuration.sizes3D("pool_size", default: [2, 2, 2])
    let strides = try configuration.sizes3D("strides", default: sizes)
    let padding = try configuration.choice("padding", default: Window2D.Padding.valid)
    windows = (0..<3).map {
      Window2D(Size2D(1, sizes[$0]), strides: Size2D(1, strides[$0]), padding: padding)
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    let format = LayerConfiguration.Value.string("channels_last")
    if isGlobal { return ["keepdims": .bool(keepDimensions), "data_format": format] }
    return [
      "pool_size": .integers(windows.map(\.size.width)),
      "strides": .integers(windows.map(\.strides.width)),
      "padding": .string(windows[0].padding.rawValue), "data_format": format,
    ]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == 4 else {
      throw LayerError(
        "its input has shape \(input); expected (None, depth, height, width, channels)")
    }
    if isGlobal { return Shape((keepDimensions ? [1, 1, 1] : []) + [input.sizes[3]]) }
    let sizes = try (0..<3).map { axis in
      try windows[axis].outputShape(Shape([1, input.sizes[axis], 1]), channels: 1).sizes[1]
    }
    return Shape(sizes + [input.sizes[3]])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let isAverage = className.contains("Average")
    if isGlobal {
      let reduced = context.reduce(
        isAverage ? .mean : .maximum, context.inputs[0], axes: [0, 1, 2])
      return [context.view(reduced, shape: output)]
    }
    var result = context.inputs[0]
    for axis in [2, 1, 0] {
      let shape = context.shape(result)
      let picture = [
        shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *),
      ]
      let pooled = [picture[0], output[axis], picture[2]]
      result = context.pool(
        context.view(result, shape: picture), isAverage ? .averagePooling : .maximumPooling,
        geometry: windows[axis].geometry(input: picture, output: pooled), shape: pooled)
      var whole = shape
      whole[axis] = output[axis]
      result = context.view(result, shape: whole)
    }
    return [result]
  }
}

extension LayerConfiguration {
  /// A depth, a height and a width, or one number for all; positive.
  func sizes3D(_ key: String, default fallback: [Int]? = nil) throws -> [Int] {
    guard let sizes = try integers(key) ?? fallback else {
      throw LayerError("its configuration has no '\(key)'; the file may be damaged")
    }
    guard sizes.count == 1 || sizes.count == 3, sizes.allSatisfy({ $0 > 0 }) else {
      throw LayerError("its \(key) is \(sizes); expected one or three positive whole numbers")
    }
    return sizes.count == 1 ? [sizes[0], sizes[0], sizes[0]] : sizes
  }
}
