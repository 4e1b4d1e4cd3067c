/// A layer over sequences as the two-dimensional one over pictures of one row.
public struct OneDimensional: UnaryLayer {
  public static let className = "Conv1D"
  public let className: String
  /// The layer over pictures of one row.
  package private(set) var base: any UnaryLayer
  /// The zeros in front of the sequence, where the padding is causal.
  package let causalPadding: Int

  /// The class names of all such layers, and those over pictures that compute them.
  static let types: [String: any UnaryLayer.Type] = [
    "Conv1D": Conv2D.self, "Conv1DTranspose": Conv2DTranspose.self,
    "DepthwiseConv1D": DepthwiseConv2D.self, "SeparableConv1D": SeparableConv2D.self,
    "MaxPooling1D": MaxPooling2D.self, "AveragePooling1D": AveragePooling2D.self,
    "GlobalMaxPooling1D": GlobalMaxPooling2D.self,
    "GlobalAveragePooling1D": GlobalAveragePooling2D.self,
    "LocallyConnected1D": LocallyConnected2D.self,
  ]

  private static let sizeKeys = [
    "kernel_size", "pool_size", "strides", "dilation_rate", "output_padding",
  ]

  public init(_ configuration: LayerConfiguration) throws {
    className = configuration.className
    guard let type = Self.types[className] else {
      throw LayerError("there is no layer over pictures for \(className)")
    }
    var values = configuration.values
    for key in Self.sizeKeys {
      guard let sizes = try configuration.integers(key) else { continue }
      guard sizes.count == 1 else {
        throw LayerError("its \(key) is \(sizes); expected one number")
      }
      values[key] = .list([.integer(key == "output_padding" ? 0 : 1), .integer(sizes[0])])
    }
    var causal = 0
    if configuration["padding"] == .string("causal") {
      values["padding"] = .string("valid")
      let size = try configuration.integers("kernel_size")?.first ?? 1
      causal = (size - 1) * (try configuration.integers("dilation_rate")?.first ?? 1)
    }
    causalPadding = causal
    base = try type.init(
      LayerConfiguration(
        className: type.className, values: values,
        kerasMajorVersion: configuration.kerasMajorVersion))
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    var values = try base.configuration(kerasMajorVersion: version)
    for key in Self.sizeKeys {
      if case .list(let sizes)? = values[key] { values[key] = .list(Array(sizes.dropFirst())) }
    }
    if causalPadding > 0 { values["padding"] = .string("causal") }
    return values
  }

  public var name: String? {
    get { base.name }
    set { base.name = newValue }
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard input.rank == 2 else {
      throw LayerError("its input has shape \(input); expected (None, steps, channels)")
    }
    let output = try base.outputShape(picture(input))
    // What is pooled over everything has lost its sizes already.
    return output.rank == 3 ? Shape(Array(output.sizes.dropFirst())) : output
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    try base.weights(inputs.map(picture)).map { weight in
      var result = weight
      // The bias of a locally connected layer has the picture's axes, too.
      let isPicture = result.shape.count == 4 || result.name == "bias" && result.shape.count == 3
      if isPicture { result.shape.removeFirst() }
      return result
    }
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let output = try context.outputShape(of: self)
    let input = context.shape(context.inputs[0])
    var picture = context.view(context.inputs[0], shape: [1] + input)
    if causalPadding > 0 {
      picture = context.pad(
        picture, top: 0, left: causalPadding, shape: [1, input[0] + causalPadding, input[1]])
    }
    let specifications = try base.weights([Shape(context.shape(picture))])
    let weights = zip(context.weights, specifications).map {
      Tensor(shape: $1.shape, values: $0.values)
    }
    let result = try context.lower(base, [picture], weights: weights)[0]
    return [context.view(result, shape: output)]
  }

  private func picture(_ input: Shape) -> Shape {
    Shape([1, input.sizes[0].map { $0 + causalPadding }] + input.sizes.dropFirst())
  }
}
