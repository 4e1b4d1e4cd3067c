/// An LSTM whose products are convolutions.
public struct ConvLSTM2D: UnaryLayer {
  public static let className = "ConvLSTM2D"
  public var name: String?
  private let filters: Int
  private let window: Window2D
  private let activation: ActivationFunction
  private let recurrentActivation: ActivationFunction
  private let useBias: Bool
  private let returnsSequences: Bool
  private let goesBackwards: Bool

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    filters = try configuration.integer("filters")
    window = try Window2D(configuration, sizeKey: "kernel_size")
    var whole = configuration
    whole.values["activation"] = configuration["activation"] ?? .string("tanh")
    whole.values["recurrent_activation"] =
      configuration["recurrent_activation"] ?? .string("hard_sigmoid")
    activation = try whole.activation()
    recurrentActivation = try whole.activation("recurrent_activation")
    useBias = try configuration.bool("use_bias", default: true)
    returnsSequences = try configuration.bool("return_sequences", default: false)
    goesBackwards = try configuration.bool("go_backwards", default: false)
    if try configuration.bool("return_state", default: false) {
      throw LayerError("it returns its state, which is not supported")
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    window.configuration(sizeKey: "kernel_size").merging([
      "filters": .integer(filters), "use_bias": .bool(useBias),
      "return_sequences": .bool(returnsSequences), "go_backwards": .bool(goesBackwards),
      "activation": try activation.configuration(kerasMajorVersion: version),
      "recurrent_activation": try recurrentActivation.configuration(kerasMajorVersion: version),
    ]) { $1 }
  }

  private func step(_ input: Shape) throws -> Shape {
    guard input.rank == 4 else {
      throw LayerError(
        "its input has shape \(input); expected (None, steps, height, width, channels)")
    }
    return Shape(Array(input.sizes.dropFirst()))
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    let picture = try window.outputShape(step(input), channels: filters)
    return Shape((returnsSequences ? [input.sizes[0]] : []) + picture.sizes)
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let size = [window.size.height, window.size.width]
    return [
      WeightSpecification("kernel", size + [try inputs[0].channels, 4 * filters]),
      WeightSpecification("recurrent_kernel", size + [filters, 4 * filters]),
    ] + (useBias ? [WeightSpecification("bias", [4 * filters], initializer: .zeros)] : [])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let input = context.inputs[0]
    let steps = context.shape(input)[0]
    guard let from = try step(Shape(context.shape(input))).known,
      let picture = try window.outputShape(Shape(from), channels: 4 * filters).known
    else { throw LayerError("its input has open sizes") }
    let state = [picture[0], picture[1], filters]
    let recurrentWindow = Window2D(window.size, padding: .same)
    let zeros = Tensor(shape: state, repeating: 0)
    var hidden = context.constant(zeros)
    var carry = context.constant(zeros)
    var outputs: [Lowering.Value] = []
    for step in goesBackwards ? Array((0..<steps).reversed()) : Array(0..<steps) {
      let product = context.convolve(
        try context.element(input, axis: 0, step), kernel: context.weights[0],
        bias: useBias ? context.weights[2].values : nil,
        geometry: window.geometry(input: from, output: picture), groups: 1, shape: picture)
      let recurrent = context.convolve(
        hidden, kernel: context.weights[1], bias: nil,
        geometry: recurrentWindow.geometry(input: state, output: picture), groups: 1,
        shape: picture)
      let sum = context.add(recurrent, product)
      let gates = try (0..<4).map { index in
        try context.activate(
          try context.take(
            sum, axis: 2, Array(index * filters..<(index + 1) * filters)),
          index == 2 ? activation : recurrentActivation)
      }
      carry = context.add(
        try context.combine(.multiplication, gates[1], carry),
        try context.combine(.multiplication, gates[0], gates[2]))
      hidden = try context.combine(
        .multiplication, gates[3], try context.activate(carry, activation))
      outputs.append(context.view(hidden, shape: [1] + state))
    }
    return [returnsSequences ? context.concatenate(outputs, axis: 0) : hidden]
  }
}
