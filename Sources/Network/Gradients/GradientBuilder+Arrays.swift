import Kernel
import Runtime

extension GradientBuilder {
  /// y · (g - Σ g·y), along the softmax's axis; of the logarithm g - e^y · Σ g.
  mutating func differentiateSoftmax(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) throws {
    let (outer, axis, inner) = (step.numbers[0], step.numbers[1], step.numbers[2])
    let shape = [outer, axis, inner]
    let y = context.view(step.output, shape: shape)
    let g = context.view(gradient, shape: shape)
    let isLogarithmic = step.numbers[3] != 0
    let weighted = isLogarithmic ? g : try context.combine(.multiplication, g, y)
    let sum = context.reduce(.sum, weighted, axes: [1], keepDimensions: true)
    let result: Lowering.Value
    if isLogarithmic {
      let probabilities = context.apply(Kernel.Activation(.exponential), y)
      result = try context.combine(
        .subtraction, g, try context.combine(.multiplication, probabilities, sum))
    } else {
      result = try context.combine(
        .multiplication, try context.combine(.subtraction, g, sum), y)
    }
    add(result, to: step.inputs[0])
  }

  /// The part of the gradient that a copy filled.
  mutating func differentiateCopy(_ step: Lowering.Step, _ gradient: Lowering.Value) {
    guard isNeeded(step.inputs[0]) else { return }
    let shape = context.shape(step.inputs[0])
    let numbers = step.numbers
    let result = context.empty(shape: shape)
    var copy = Lowering.Step(kind: .copy, inputs: [gradient], output: result)
    copy.numbers = [
      numbers[0], numbers[1], numbers[2], numbers[5], numbers[6], numbers[3], numbers[4], 0,
      numbers[7],
    ]
    context.lowering.steps.append(copy)
    add(result, to: step.inputs[0])
  }

  mutating func differentiateArrays(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) throws {
    let input = step.inputs[0]
    switch step.kind {
    case .combination: try differentiateCombination(step, gradient)
    case .reduction: try differentiateReduction(step, gradient)
    case .gathering: try differentiateGathering(step, gradient)
    case .matrixProduct: try differentiateProduct(step, gradient)
    case .resampling where step.scale != nil: differentiateResampling(step, gradient)
    case .lookup, .boundaryCount: break
    default:
      guard !isNeeded(input) else {
        throw LayerError("training does not go through it: its gradient is not known")
      }
    }
  }

  private mutating func differentiateReduction(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) throws {
    let (outer, axis, inner) = (step.numbers[1], step.numbers[2], step.numbers[3])
    let reduction = Reduction(rawValue: UInt32(step.numbers[0]))
    var g = context.view(gradient, shape: [outer, 1, inner])
    switch reduction {
    case .sum: break
    case .mean:
      g = try context.combine(.division, g, Tensor(shape: [], values: [Float(axis)]))
    case .maximum, .minimum:
      return add(
        try gradientOfExtreme(step, g, isMaximum: reduction == .maximum), to: step.inputs[0])
    case .product, nil: throw LayerError("training does not go through a product along an axis")
    }
    add(try context.broadcast(g, to: [outer, axis, inner]), to: step.inputs[0])
  }

  /// The gradient goes to the values that are the largest or smallest, in equal parts, as in TensorFlow.
  private mutating func gradientOfExtreme(
    _ step: Lowering.Step, _ g: Lowering.Value, isMaximum: Bool
  ) throws -> Lowering.Value {
    let shape = Array(step.numbers[1...3])
    let x = context.view(step.inputs[0], shape: shape)
    let y = context.view(step.output, shape: [shape[0], 1, shape[2]])
    // Above zero for all others.
    let distance = try context.combine(.subtraction, isMaximum ? y : x, isMaximum ? x : y)
    var gate = context.step(
      .activationGradient, [context.filled(with: 1, shape: shape), distance], shape: shape)
    gate.activation = Kernel.Activation(.relu)
    let others = context.append(gate)
    let chosen = try context.combine(
      .subtraction, others, Tensor(shape: [], values: [1]), isReversed: true)
    let count = context.reduce(.sum, chosen, axes: [1], keepDimensions: true)
    return try context.combine(
      .multiplication, chosen, try context.combine(.division, g, count))
  }

  /// Values from other places: the gradient goes back there; of one that was taken several times all are
  /// added up.
  private mutating func differentiateGathering(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) throws {
    let length = step.numbers[1]
    let offsets = (step.weights ?? []).map { Int(Int32(bitPattern: $0.bitPattern)) }
    let count = context.lowering.count(step.inputs[0])
    guard count % length == 0, offsets.allSatisfy({ $0 < 0 || $0 % length == 0 }) else {
      throw LayerError("training does not go through its slice")
    }
    var users = [[Int]](repeating: [], count: count / length)
    for (place, offset) in offsets.enumerated() where offset >= 0 {
      users[offset / length].append(place * length)
    }
    for turn in 0..<(users.map(\.count).max() ?? 0) {
      let places = users.map { $0.count > turn ? $0[turn] : -1 }
      var result = context.step(.gathering, [gradient], shape: context.shape(step.inputs[0]))
      result.numbers = [places.count, length]
      result.weights = places.map { Float(bitPattern: UInt32(bitPattern: Int32($0))) }
      add(context.append(result), to: step.inputs[0])
    }
  }

  private mutating func differentiateProduct(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) throws {
    let (matrices, rows) = (step.numbers[0], step.numbers[1])
    let (inner, columns) = (step.numbers[2], step.numbers[3])
    let g = context.view(gradient, shape: [matrices, rows, columns])
    if let constants = step.weights {
      guard isNeeded(step.inputs[0]) else { return }
      let turned = Tensor(shape: [matrices, inner, columns], values: constants)
        .transposed([0, 2, 1])
      return add(context.multiplyMatrices(g, turned), to: step.inputs[0])
    }
    let first = context.view(step.inputs[0], shape: [matrices, rows, inner])
    let second = context.view(step.inputs[1], shape: [matrices, inner, columns])
    if isNeeded(step.inputs[0]) {
      let turned = try context.permute(second, [0, 2, 1])
      add(context.multiplyMatrices(g, turned), to: step.inputs[0])
    }
    if isNeeded(step.inputs[1]) {
      let turned = try context.permute(first, [0, 2, 1])
      add(context.multiplyMatrices(turned, g), to: step.inputs[1])
    }
  }

  /// The transposed weighted sums: each input is seen by some outputs.
  private mutating func differentiateResampling(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) {
    let (outer, from, to) = (step.numbers[0], step.numbers[1], step.numbers[2])
    let (inner, taps) = (step.numbers[3], step.numbers[4])
    let places = (step.weights ?? []).map { Int(Int32(bitPattern: $0.bitPattern)) }
    let weights = step.scale ?? []
    var users = [[(place: Int, weight: Float)]](repeating: [], count: from)
    for output in 0..<to {
      for tap in 0..<taps where places[output * taps + tap] >= 0 {
        users[places[output * taps + tap]].append((output, weights[output * taps + tap]))
      }
    }
    let most = max(users.map(\.count).max() ?? 1, 1)
    let padded = users.map { $0 + Array(repeating: (-1, 0), count: most - $0.count) }
    let g = context.view(gradient, shape: [outer, to, inner])
    add(
      context.resample(
        g, axis: 1, places: padded.map { $0.map(\.place) }, weights: padded.map { $0.map(\.weight) }
      ),
      to: step.inputs[0])
  }
}
