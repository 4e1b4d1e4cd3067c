/// An LSTM whose products are convolutions, of pictures or of sequences.
///
/// Inside, the channels are last and a sequence is a picture of one row.
public struct ConvLSTM2D: Layer {
  public static let className = "ConvLSTM2D"
  public let className: String
  public var name: String?
  private let filters: Int
  private let window: Window2D
  private let activation: ActivationFunction
  private let recurrentActivation: ActivationFunction
  private let useBias: Bool
  private let returnsSequences: Bool
  private let returnsState: Bool
  private let goesBackwards: Bool
  private let isChannelsFirst: Bool

  static let classNames = ["ConvLSTM1D", "ConvLSTM2D"]

  private static let sizeKeys = ["kernel_size", "strides", "dilation_rate"]

  public init(_ configuration: LayerConfiguration) throws {
    className = configuration.className
    name = configuration.name
    filters = try configuration.integer("filters")
    var whole = configuration
    isChannelsFirst = configuration["data_format"] == .string("channels_first")
    whole.values["data_format"] = .string("channels_last")
    if className == "ConvLSTM1D" {
      for key in Self.sizeKeys {
        guard let sizes = try configuration.integers(key) else { continue }
        guard sizes.count == 1 else {
          throw LayerError("its \(key) is \(sizes); expected one number")
        }
        whole.values[key] = .integers([1, sizes[0]])
      }
    }
    window = try Window2D(whole, sizeKey: "kernel_size")
    whole.values["activation"] = configuration["activation"] ?? .string("tanh")
    whole.values["recurrent_activation"] =
      configuration["recurrent_activation"] ?? .string("hard_sigmoid")
    activation = try whole.activation()
    recurrentActivation = try whole.activation("recurrent_activation")
    useBias = try configuration.bool("use_bias", default: true)
    returnsSequences = try configuration.bool("return_sequences", default: false)
    goesBackwards = try configuration.bool("go_backwards", default: false)
    returnsState = try configuration.bool("return_state", default: false)
  }

  private var isPicture: Bool { className == Self.className }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    var values = window.configuration(sizeKey: "kernel_size").merging([
      "filters": .integer(filters), "use_bias": .bool(useBias),
      "return_sequences": .bool(returnsSequences), "return_state": .bool(returnsState),
      "go_backwards": .bool(goesBackwards),
      "activation": try activation.configuration(kerasMajorVersion: version),
      "recurrent_activation": try recurrentActivation.configuration(kerasMajorVersion: version),
    ]) { $1 }
    if isChannelsFirst { values["data_format"] = .string("channels_first") }
    if !isPicture {
      for key in Self.sizeKeys {
        values[key] = values[key]?.list.map { .list(Array($0.dropFirst())) }
      }
    }
    return values
  }

  /// A step of the input as a picture with the channels last.
  private func step(_ input: Shape) throws -> Shape {
    guard input.rank == (isPicture ? 4 : 3) else {
      throw LayerError(
        "its input has shape \(input); expected the steps, \(isPicture ? "two axes" : "one axis") and the "
          + "channels")
    }
    var sizes = Array(input.sizes.dropFirst())
    if isChannelsFirst { sizes.append(sizes.removeFirst()) }
    return Shape(isPicture ? sizes : [1] + sizes)
  }

  /// The shape of a picture as the layer gives it.
  private func outer(_ picture: Shape) -> Shape {
    var sizes = isPicture ? picture.sizes : Array(picture.sizes.dropFirst())
    if isChannelsFirst { sizes.insert(sizes.removeLast(), at: 0) }
    return Shape(sizes)
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard let input = inputs.first else { throw LayerError("it has no inputs") }
    let state = outer(try window.outputShape(step(input), channels: filters))
    let output = Shape((returnsSequences ? [input.sizes[0]] : []) + state.sizes)
    return [output] + (returnsState ? [state, state] : [])
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let size = (isPicture ? [window.size.height] : []) + [window.size.width]
    let channels = try step(inputs[0]).channels
    return [
      WeightSpecification("kernel", size + [channels, 4 * filters]),
      WeightSpecification("recurrent_kernel", size + [filters, 4 * filters]),
    ] + (useBias ? [WeightSpecification("bias", [4 * filters], initializer: .zeros)] : [])
  }

  /// Moves a value's channels behind its other axes, or back, but for a sequence's steps in front.
  private func moved(
    _ context: inout LoweringContext, _ value: Lowering.Value, steps: Int, toFront: Bool
  ) throws -> Lowering.Value {
    guard isChannelsFirst else { return value }
    let rank = context.shape(value).count
    let front = Array(0..<steps)
    return try context.permute(
      value,
      toFront
        ? front + [rank - 1] + Array(steps..<rank - 1) : front + Array(steps + 1..<rank) + [steps])
  }

  /// A picture of the inside in the layer's own shape.
  private func given(
    _ context: inout LoweringContext, _ value: Lowering.Value
  ) throws -> Lowering.Value {
    let shape = context.shape(value)
    let own = isPicture ? value : context.view(value, shape: Array(shape.dropFirst()))
    return try moved(&context, own, steps: 0, toFront: true)
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let shape = context.shape(context.inputs[0])
    let steps = shape[0]
    guard let from = try step(Shape(shape)).known,
      let picture = try window.outputShape(Shape(from), channels: 4 * filters).known
    else { throw LayerError("its input has open sizes") }
    let input = context.view(
      try moved(&context, context.inputs[0], steps: 1, toFront: false), shape: [steps] + from)
    let size = [window.size.height, window.size.width]
    let kernel = Tensor(
      shape: size + [from[2], 4 * filters], values: context.weights[0].values)
    let recurrentKernel = Tensor(
      shape: size + [filters, 4 * filters], values: context.weights[1].values)
    let state = [picture[0], picture[1], filters]
    let recurrentWindow = Window2D(window.size, padding: .same)
    var states = try context.inputs.dropFirst().map {
      context.view(try moved(&context, $0, steps: 0, toFront: false), shape: state)
    }
    while states.count < 2 { states.append(context.constant(Tensor(shape: state, repeating: 0))) }
    var outputs: [Lowering.Value] = []
    for step in goesBackwards ? Array((0..<steps).reversed()) : Array(0..<steps) {
      let product = context.convolve(
        try context.element(input, axis: 0, step), kernel: kernel,
        bias: useBias ? context.weights[2].values : nil,
        geometry: window.geometry(input: from, output: picture), groups: 1, shape: picture)
      let recurrent = context.convolve(
        states[0], kernel: recurrentKernel, bias: nil,
        geometry: recurrentWindow.geometry(input: state, output: picture), groups: 1,
        shape: picture)
      states = try advanced(&context, context.add(recurrent, product), carry: states[1])
      outputs.append(
        context.view(
          try given(&context, states[0]), shape: [1] + outer(Shape(state)).sizes.compactMap { $0 }))
    }
    let last = try states.map { try given(&context, $0) }
    return [returnsSequences ? context.concatenate(outputs, axis: 0) : last[0]]
      + (returnsState ? last : [])
  }

  /// The output and the carry of a step, of the sums for its four gates.
  private func advanced(
    _ context: inout LoweringContext, _ sum: Lowering.Value, carry: Lowering.Value
  ) throws -> [Lowering.Value] {
    let gates = try (0..<4).map { index in
      try context.activate(
        try context.take(sum, axis: 2, Array(index * filters..<(index + 1) * filters)),
        index == 2 ? activation : recurrentActivation)
    }
    let carry = context.add(
      try context.combine(.multiplication, gates[1], carry),
      try context.combine(.multiplication, gates[0], gates[2]))
    return [
      try context.combine(.multiplication, gates[3], try context.activate(carry, activation)),
      carry,
    ]
  }
}
