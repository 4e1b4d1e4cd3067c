import Kernel
import Runtime

/// A two-dimensional convolution, with bias and activation.
public struct Conv2D: UnaryLayer {
  public static let className = "Conv2D"
  public var name: String?
  public var filters: Int
  public var window: Window2D
  public var groups: Int
  public var useBias: Bool
  public var activation: ActivationFunction

  public init(
    _ filters: Int, kernel: Size2D, strides: Size2D = 1, padding: Window2D.Padding = .valid,
    dilationRate: Size2D = 1, groups: Int = 1, activation: ActivationFunction = .linear,
    useBias: Bool = true, name: String? = nil
  ) {
    self.filters = filters
    window = Window2D(kernel, strides: strides, padding: padding, dilationRate: dilationRate)
    self.groups = groups
    self.activation = activation
    self.useBias = useBias
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    filters = try configuration.integer("filters")
    window = try Window2D(configuration, sizeKey: "kernel_size")
    groups = try configuration.integer("groups", default: 1)
    useBias = try configuration.bool("use_bias", default: true)
    activation = try configuration.activation()
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    window.configuration(sizeKey: "kernel_size").merging([
      "filters": .integer(filters), "groups": .integer(groups), "use_bias": .bool(useBias),
      "activation": try activation.configuration(kerasMajorVersion: version),
    ]) { $1 }
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    let output = try window.outputShape(input, channels: filters)
    let channels = try input.channels
    guard filters > 0, groups > 0, filters % groups == 0, channels % groups == 0 else {
      throw LayerError(
        "its \(groups) groups do not divide \(channels) input channels and \(filters) filters")
    }
    return output
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let inputsPerGroup = try inputs[0].channels / groups
    let kernel = WeightSpecification(
      "kernel", [window.size.height, window.size.width, inputsPerGroup, filters])
    let bias = WeightSpecification("bias", [filters], initializer: .zeros)
    return useBias ? [kernel, bias] : [kernel]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let sum = context.convolve(
      context.inputs[0], kernel: context.weights[0],
      bias: useBias ? context.weights[1].values : nil,
      geometry: window.geometry(input: context.shape(context.inputs[0]), output: output),
      groups: groups, shape: output)
    return [try context.activate(sum, activation)]
  }
}

extension Shape {
  /// The size of the last axis.
  ///
  /// - Throws: `LayerError`, where there is none or it is open.
  var channels: Int {
    get throws {
      guard let last = sizes.last, let channels = last else {
        throw LayerError("its input has shape \(self); the last size must be known")
      }
      return channels
    }
  }
}
