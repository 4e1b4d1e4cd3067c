/// x · scale + offset, each one number or one for each channel.
public struct Rescaling: UnaryLayer {
  public static let className = "Rescaling"
  public var name: String?
  public var scale: [Double]
  public var offset: [Double]

  public init(_ scale: Double, offset: Double = 0, name: String? = nil) {
    self.scale = [scale]
    self.offset = [offset]
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    scale = try configuration.numbers("scale") ?? [1]
    offset = try configuration.numbers("offset") ?? [0]
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    func numbers(_ values: [Double]) -> LayerConfiguration.Value {
      values.count == 1 ? .number(values[0]) : .list(values.map { .number($0) })
    }
    return ["scale": numbers(scale), "offset": numbers(offset)]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    let channels = try input.channels
    guard scale.count == 1 || scale.count == channels,
      offset.count == 1 || offset.count == channels
    else {
      throw LayerError(
        "it has \(scale.count) scales and \(offset.count) offsets for \(channels) channels")
    }
    return input
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let shape = try context.outputShape(of: self)
    let channels = shape[shape.count - 1]
    func each(_ values: [Double]) -> [Float] {
      (0..<channels).map { Float(values[values.count == 1 ? 0 : $0]) }
    }
    return [context.scaleAndShift(context.inputs[0], each(scale), each(offset))]
  }
}

extension LayerConfiguration {
  /// One number, or the numbers of a list, or of a nest of them, in order.
  func numbers(_ key: String) throws -> [Double]? {
    guard let value = self[key] else { return nil }
    func flat(_ value: Value) throws -> [Double] {
      if let number = value.number { return [number] }
      if let list = value.list { return try list.flatMap(flat) }
      // An array is an object: {"class_name": "__numpy__", "config": {"value": …}}.
      if case .object(let object) = value, let inner = object["config"] ?? object["value"] {
        return try flat(inner)
      }
      throw LayerError("its '\(key)' is \(value); expected a number or a list of them")
    }
    return try flat(value)
  }
}
