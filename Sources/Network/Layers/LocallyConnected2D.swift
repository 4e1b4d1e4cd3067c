import Kernel

/// A convolution whose weights differ from pixel to pixel.
public struct LocallyConnected2D: UnaryLayer {
  public static let className = "LocallyConnected2D"
  public var name: String?
  public var filters: Int
  public var window: Window2D
  public var useBias: Bool
  public var activation: ActivationFunction

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    filters = try configuration.integer("filters")
    window = try Window2D(configuration, sizeKey: "kernel_size")
    useBias = try configuration.bool("use_bias", default: true)
    activation = try configuration.activation()
    let implementation = try configuration.integer("implementation", default: 1)
    guard implementation == 1, window.padding == .valid else {
      throw LayerError(
        "its implementation is \(implementation) with padding '\(window.padding.rawValue)'; "
          + "only 1 with 'valid' is supported")
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    guard version < 3 else {
      throw LayerError("Keras 3 has no locally connected layers; only Keras 2 does")
    }
    var values = window.configuration(sizeKey: "kernel_size")
    values["dilation_rate"] = nil
    values["filters"] = .integer(filters)
    values["use_bias"] = .bool(useBias)
    values["implementation"] = .integer(1)
    values["activation"] = try activation.configuration(kerasMajorVersion: version)
    return values
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard filters > 0 else { throw LayerError("it has \(filters) filters; expected at least 1") }
    return try window.outputShape(input, channels: filters)
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    guard let output = try outputShape(inputs[0]).known else {
      throw LayerError("its input has shape \(inputs[0]); all sizes must be known")
    }
    let inputs = window.size.height * window.size.width * (try inputs[0].channels)
    let kernel = WeightSpecification("kernel", [output[0] * output[1], inputs, filters])
    let bias = WeightSpecification("bias", output, initializer: .zeros)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let input = context.shape(context.inputs[0])
    // What each window sees, as a row of a matrix of its own.
    let rows = (0..<output[0]).flatMap { y in
      (0..<window.size.height).map { y * window.strides.height + $0 }
    }
    let columns = (0..<output[1]).flatMap { x in
      (0..<window.size.width).map { x * window.strides.width + $0 }
    }
    var seen = try context.take(
      context.inputs[0], [rows, columns, Array(0..<input[2])])
    seen = context.view(
      seen,
      shape: [
        output[0], window.size.height, output[1], window.size.width * input[2],
      ])
    seen = try context.permute(seen, [0, 2, 1, 3])
    let length = window.size.height * window.size.width * input[2]
    seen = context.view(seen, shape: [output[0] * output[1], 1, length])
    var sum = context.view(
      context.multiplyMatrices(seen, context.weights[0]), shape: output)
    if useBias {
      sum = try context.combine(.addition, sum, context.weights[1])
    }
    return [try context.activate(sum, activation)]
  }
}
