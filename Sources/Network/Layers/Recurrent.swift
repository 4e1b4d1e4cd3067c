import Kernel

/// The recurrent layers: one step after the other, each a few operations with the same weights.
public struct Recurrent: Layer {
  public static let className = "LSTM"
  public let className: String
  public var name: String?
  private let units: Int
  private let activation: ActivationFunction
  private let recurrentActivation: ActivationFunction
  private let useBias: Bool
  private let returnsSequences: Bool
  private let returnsState: Bool
  private let goesBackwards: Bool
  /// Whether a GRU applies the reset gate behind the product with the recurrent kernel.
  private let resetsAfter: Bool

  static let classNames = ["LSTM", "GRU", "SimpleRNN", "CuDNNLSTM", "CuDNNGRU"]

  public init(_ configuration: LayerConfiguration) throws {
    let isCuDNN = configuration.className.hasPrefix("CuDNN")
    className = configuration.className
    name = configuration.name
    units = try configuration.integer("units")
    var sequence = configuration
    // Keras 1 and 2.0 to 2.2 began with the hard sigmoid and said so in the file.
    sequence.values["activation"] = configuration["activation"] ?? .string("tanh")
    sequence.values["recurrent_activation"] =
      configuration["recurrent_activation"] ?? .string("sigmoid")
    activation = try sequence.activation()
    recurrentActivation = try sequence.activation("recurrent_activation")
    useBias = try configuration.bool("use_bias", default: true)
    returnsSequences = try configuration.bool("return_sequences", default: false)
    returnsState = try configuration.bool("return_state", default: false)
    goesBackwards = try configuration.bool("go_backwards", default: false)
    resetsAfter = isCuDNN ? true : try configuration.bool("reset_after", default: false)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    var values: [String: LayerConfiguration.Value] = [
      "units": .integer(units), "use_bias": .bool(useBias),
      "return_sequences": .bool(returnsSequences), "return_state": .bool(returnsState),
      "go_backwards": .bool(goesBackwards),
    ]
    // The cuDNN layers have no choice of activations.
    if className.hasPrefix("CuDNN") {
      guard version < 3 else { throw LayerError("only Keras 2 has the class \(className)") }
      values["use_bias"] = nil
      return values
    }
    values["activation"] = try activation.configuration(kerasMajorVersion: version)
    if isLSTM || isGRU {
      values["recurrent_activation"] = try recurrentActivation.configuration(
        kerasMajorVersion: version)
    }
    if isGRU { values["reset_after"] = .bool(resetsAfter) }
    return values
  }

  private var isLSTM: Bool { className.hasSuffix("LSTM") }
  private var isGRU: Bool { className.hasSuffix("GRU") }
  private var gates: Int { isLSTM ? 4 : isGRU ? 3 : 1 }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard let input = inputs.first, input.rank == 2, units > 0 else {
      throw LayerError("its input has shape \(inputs.first ?? []); expected (None, steps, values)")
    }
    let output = Shape((returnsSequences ? [input.sizes[0]] : []) + [units])
    let state = Shape([units])
    return [output] + (returnsState ? Array(repeating: state, count: isLSTM ? 2 : 1) : [])
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let width = gates * units
    // The cuDNN layers of Keras 2 have a bias for both products.
    let isDouble = isGRU && resetsAfter && !className.hasPrefix("CuDNN")
    let bias: [Int]
    if className.hasPrefix("CuDNN") {
      bias = [2 * width]
    } else {
      bias = isDouble ? [2, width] : [width]
    }
    return [
      WeightSpecification("kernel", [try inputs[0].channels, width]),
      WeightSpecification("recurrent_kernel", [units, width]),
    ] + (useBias ? [WeightSpecification("bias", bias, initializer: .zeros)] : [])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let input = context.inputs[0]
    let width = gates * units
    let biases = useBias ? context.weights[2].values : []
    let isDouble = biases.count == 2 * width
    var inputBias: [Float]? = useBias ? Array(biases.prefix(width)) : nil
    var recurrentBias: [Float]? = isDouble ? Array(biases.suffix(width)) : nil
    if isLSTM, isDouble, let first = inputBias, let second = recurrentBias {
      inputBias = zip(first, second).map { $0 + $1 }
      recurrentBias = nil
    }
    let steps = context.shape(input)[0]
    let products = context.dense(input, kernel: context.weights[0], bias: inputBias)
    var state = Array(context.inputs.dropFirst())
    while state.count < (isLSTM ? 2 : 1) {
      state.append(context.constant(Tensor(shape: [units], repeating: 0)))
    }
    var outputs: [Lowering.Value] = []
    for step in goesBackwards ? Array((0..<steps).reversed()) : Array(0..<steps) {
      let product = try context.element(products, axis: 0, step)
      if isLSTM {
        state = try stepLSTM(&context, product, state)
      } else if isGRU {
        state = [try stepGRU(&context, product, state[0], recurrentBias)]
      } else {
        let sum = context.add(
          context.dense(state[0], kernel: context.weights[1], bias: nil), product)
        state = [try context.activate(sum, activation)]
      }
      outputs.append(state[0])
    }
    let sequence = outputs.map { context.view($0, shape: [1, units]) }
    let output = returnsSequences ? context.concatenate(sequence, axis: 0) : state[0]
    return [output] + (returnsState ? state : [])
  }

  private func gate(
    _ context: inout LoweringContext, _ values: Lowering.Value, _ index: Int
  ) throws -> Lowering.Value {
    try context.take(values, axis: 0, Array(index * units..<(index + 1) * units))
  }

  private func stepLSTM(
    _ context: inout LoweringContext, _ product: Lowering.Value, _ state: [Lowering.Value]
  ) throws -> [Lowering.Value] {
    let recurrent = context.dense(state[0], kernel: context.weights[1], bias: nil)
    let sum = context.add(recurrent, product)
    let input = try context.activate(try gate(&context, sum, 0), recurrentActivation)
    let forget = try context.activate(try gate(&context, sum, 1), recurrentActivation)
    let candidate = try context.activate(try gate(&context, sum, 2), activation)
    let output = try context.activate(try gate(&context, sum, 3), recurrentActivation)
    let kept = try context.combine(.multiplication, forget, state[1])
    let added = try context.combine(.multiplication, input, candidate)
    let carry = context.add(kept, added)
    let hidden = try context.combine(
      .multiplication, output, try context.activate(carry, activation))
    return [hidden, carry]
  }

  private func stepGRU(
    _ context: inout LoweringContext, _ product: Lowering.Value, _ state: Lowering.Value,
    _ recurrentBias: [Float]?
  ) throws -> Lowering.Value {
    let kernel = context.weights[1]
    let candidate: Lowering.Value
    let update: Lowering.Value
    if resetsAfter {
      let recurrent = context.dense(state, kernel: kernel, bias: recurrentBias)
      let sum = context.add(recurrent, product)
      update = try context.activate(try gate(&context, sum, 0), recurrentActivation)
      let reset = try context.activate(try gate(&context, sum, 1), recurrentActivation)
      let kept = try context.combine(.multiplication, reset, try gate(&context, recurrent, 2))
      candidate = context.add(kept, try gate(&context, product, 2))
    } else {
      let gates = try columns(kernel, 0..<2 * units, &context)
      let recurrent = context.dense(state, kernel: gates, bias: nil)
      let both = try context.take(product, axis: 0, Array(0..<2 * units))
      let sum = context.add(recurrent, both)
      update = try context.activate(try gate(&context, sum, 0), recurrentActivation)
      let reset = try context.activate(try gate(&context, sum, 1), recurrentActivation)
      let kept = try context.combine(.multiplication, reset, state)
      candidate = context.add(
        context.dense(
          kept, kernel: try columns(kernel, 2 * units..<3 * units, &context), bias: nil),
        try gate(&context, product, 2))
    }
    let new = try context.activate(candidate, activation)
    // update · state + (1 - update) · new
    let difference = try context.combine(.subtraction, state, new)
    return context.add(try context.combine(.multiplication, update, difference), new)
  }

  /// Some columns of a matrix; the same array each time, so that it is packed once.
  private func columns(
    _ kernel: Tensor, _ range: Range<Int>, _ context: inout LoweringContext
  ) throws -> Tensor {
    let (rows, width) = (kernel.shape[0], kernel.shape[1])
    let values = context.lowering.packed(kernel, "columns \(range)") { kernel in
      (0..<rows).flatMap {
        kernel.values[$0 * width + range.lowerBound..<$0 * width + range.upperBound]
      }
    }
    return Tensor(shape: [rows, range.count], values: values)
  }
}
