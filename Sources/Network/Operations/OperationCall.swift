import Kernel

/// A call of a tensor operation while it is lowered: its arguments, under the names that TensorFlow and
/// Keras have for them.
struct OperationCall {
  let arguments: [TensorOperation.Argument]
  let keywords: [String: TensorOperation.Argument]
  let inputs: [Lowering.Value]
  var context: LoweringContext

  enum Operand {
    case value(Lowering.Value)
    case constant(Tensor)
  }

  /// The value of an argument that is constant, by its place or by one of its names.
  func value(_ position: Int, _ names: String...) -> LayerConfiguration.Value? {
    value(position, names)
  }

  private func value(_ position: Int, _ names: [String]) -> LayerConfiguration.Value? {
    // What stands there may be an input, and the argument be given by its name.
    let place = arguments.indices.contains(position) ? [arguments[position]] : []
    return (place + names.compactMap { keywords[$0] }).lazy.filter { $0 != .value(.null) }
      .compactMap(Self.constant).first
  }

  private static func constant(
    _ argument: TensorOperation.Argument
  ) -> LayerConfiguration.Value? {
    switch argument {
    case .input: return nil
    case .value(let value): return value
    case .list(let list):
      let values = list.compactMap(constant)
      return values.count == list.count ? .list(values) : nil
    }
  }

  func integers(_ position: Int, _ names: String...) throws -> [Int]? {
    guard let found = value(position, names) else { return nil }
    if let one = found.integer { return [one] }
    if let list = found.list?.map(\.integer) as? [Int] { return list }
    throw LayerError("its \(names.first ?? "argument") is \(found); expected whole numbers")
  }

  func number(_ position: Int, _ names: String..., default fallback: Double) -> Double {
    value(position, names)?.number ?? fallback
  }

  func isTrue(_ names: String...) -> Bool {
    names.contains { value(-1, $0) == .bool(true) }
  }

  /// The first input.
  func first() throws -> Lowering.Value {
    guard let first = inputs.first else { throw LayerError("it has no inputs") }
    return first
  }

  func operand(_ argument: TensorOperation.Argument?) throws -> Operand {
    switch argument {
    case .input(let index)?: return .value(inputs[index])
    case .list(let list)?:
      if let value = Self.constant(.list(list)) { return .constant(try Self.tensor(value)) }
      throw LayerError("an argument mixes constants and inputs, which is not supported")
    case .value(let value)?: return .constant(try Self.tensor(value))
    case nil: throw LayerError("it lacks an argument; it has \(inputs.count) inputs")
    }
  }

  /// A number or a nest of lists of them.
  private static func tensor(_ value: LayerConfiguration.Value) throws -> Tensor {
    if let number = value.number { return Tensor(shape: [], values: [Float(number)]) }
    if case .bool(let bool) = value { return Tensor(shape: [], values: [bool ? 1 : 0]) }
    guard let list = value.list, let parts = try? list.map(tensor), let first = parts.first,
      parts.allSatisfy({ $0.shape == first.shape })
    else { throw LayerError("an argument is \(value); expected numbers") }
    return Tensor(shape: [parts.count] + first.shape, values: parts.flatMap(\.values))
  }

  /// Two operands combined.
  mutating func combine(_ function: BinaryFunction) throws -> Lowering.Value {
    let names = ["x", "x1", "a", "input"]
    let others = ["y", "x2", "b", "other", "bias"]
    let first = try operand(
      arguments.first ?? names.lazy.compactMap { [keywords] in keywords[$0] }.first)
    let second = try operand(
      (arguments.count > 1 ? arguments[1] : nil)
        ?? others.lazy.compactMap { [keywords] in keywords[$0] }.first)
    switch (first, second) {
    case (.value(let a), .value(let b)): return try context.combine(function, a, b)
    case (.value(let a), .constant(let b)): return try context.combine(function, a, item(b))
    case (.constant(let a), .value(let b)):
      return try context.combine(function, b, item(a), isReversed: true)
    case (.constant, .constant): throw LayerError("both of its operands are constants")
    }
  }

  /// A constant without the axis of the batch, along which it is the same.
  private func item(_ constant: Tensor) throws -> Tensor {
    let rank = inputs.first.map { context.shape($0).count } ?? 0
    guard constant.shape.count > rank else { return constant }
    guard constant.shape[0] == 1 else {
      throw LayerError("a constant of shape \(constant.shape) differs along the batch")
    }
    return Tensor(shape: Array(constant.shape.dropFirst()), values: constant.values)
  }

  /// The index of an axis as TensorFlow counts: with the batch, or from the end where negative.
  func axis(_ axis: Int, of value: Lowering.Value) throws -> Int {
    try Shape(context.shape(value)).axis(axis)
  }

  mutating func reduce(_ reduction: Reduction) throws -> Lowering.Value {
    let input = try first()
    guard let axes = try integers(1, "axis", "axes", "reduction_indices") else {
      throw LayerError("it reduces the batch, too, which is not supported")
    }
    let own = try axes.map { try axis($0, of: input) }
    return context.reduce(
      reduction, input, axes: own, keepDimensions: isTrue("keepdims", "keep_dims"))
  }

  /// An activation; nil where the function is none.
  mutating func activate(_ function: String, _ version: Int) throws -> Lowering.Value? {
    guard let input = inputs.first else { return nil }
    switch function {
    case "softmax", "logsoftmax":
      let axes = try integers(1, "axis") ?? [-1]
      return try context.activate(
        input, .softmax(axes: axes, isLogarithmic: function == "logsoftmax"))
    case "leakyrelu":
      let slope = number(1, "alpha", "negative_slope", default: 0.2)
      return context.apply(Kernel.Activation(.leakyRelu, alpha: Float(slope)), input)
    case "gelu":
      let isExact = value(1, "approximate") == .bool(false)
      return context.apply(
        Kernel.Activation(isExact || version < 3 ? .gelu : .geluApproximate), input)
    case "clipbyvalue":
      let low = number(1, "clip_value_min", "x_min", "min_value", default: -.infinity)
      let high = number(2, "clip_value_max", "x_max", "max_value", default: .infinity)
      return context.apply(
        Kernel.Activation(.clip, alpha: Float(low), beta: Float(high)), input)
    case "identity": return context.view(input, shape: context.shape(input))
    default: break
    }
    let names = [
      "relu6": "relu6", "elu": "elu", "selu": "selu", "softplus": "softplus",
      "softsign": "softsign", "hardsigmoid": "hard_sigmoid", "hardsilu": "hard_silu",
      "hardswish": "hard_silu", "mish": "mish", "celu": "celu", "logsigmoid": "log_sigmoid",
      "hardtanh": "hard_tanh",
    ]
    guard let name = names[function],
      let activation = ActivationFunction(kerasName: name, kerasMajorVersion: 3)
    else { return nil }
    return try context.activate(input, activation)
  }
}
