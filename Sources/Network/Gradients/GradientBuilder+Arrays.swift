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
    case .matrixProduct where step.inputs.count == 2: try differentiateProduct(step, gradient)
    case .resampling where step.scale != nil: differentiateResampling(step, gradient)
    case .lookup, .boundaryCount: break
    default:
      guard !isNeeded(input) else {
        throw LayerError("training does not go through it: its gradient is not known")
      }
    }
  }

  /// Two values, the second repeated: as `outer`, `middle`, `inner`.
  private mutating func differentiateCombination(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) throws {
    guard let function = BinaryFunction(rawValue: UInt32(step.numbers[0])) else { return }
    let (outer, middle, inner) = (step.numbers[1], step.numbers[2], step.numbers[3])
    let isReversed = step.numbers[4] != 0
    let shape = [outer, middle, inner]
    let g = context.view(gradient, shape: shape)
    let first = context.view(step.inputs[0], shape: shape)
    let second = step.inputs.count > 1 ? step.inputs[1] : nil
    let constants = step.weights.map {
      Tensor(shape: [middle, 1], values: Array($0.prefix(middle)))
    }
    func other(_ context: inout LoweringContext, _ f: BinaryFunction, _ value: Lowering.Value)
      throws -> Lowering.Value
    {
      if let second {
        return try context.combine(f, value, context.view(second, shape: [middle, 1]))
      }
      return try context.combine(f, value, constants ?? Tensor(shape: [], values: [1]))
    }
    func negative(_ context: inout LoweringContext, _ value: Lowering.Value) -> Lowering.Value {
      context.apply(Kernel.Activation(.negative), value)
    }
    var ofFirst: Lowering.Value
    var ofSecond: Lowering.Value
    switch function {
    case .addition: (ofFirst, ofSecond) = (g, g)
    case .subtraction:
      let minus = negative(&context, g)
      (ofFirst, ofSecond) = isReversed ? (minus, g) : (g, minus)
    case .multiplication:
      ofFirst = try other(&context, .multiplication, g)
      ofSecond = try context.combine(.multiplication, g, first)
    case .division where !isReversed:
      ofFirst = try other(&context, .division, g)
      let quotient = try context.combine(
        .multiplication, g, context.view(step.output, shape: shape))
      ofSecond = negative(&context, try other(&context, .division, quotient))
    case .maximum, .minimum:
      // Where the result is the first's, its gradient is; ties count for both, each by half in TensorFlow.
      throw LayerError("training does not go through a maximum or minimum of two values")
    case .squaredDifference:
      let difference = try other(&context, .subtraction, first)
      let two = Tensor(shape: [], values: [2])
      ofFirst = try context.combine(
        .multiplication, try context.combine(.multiplication, difference, two), g)
      ofSecond = negative(&context, ofFirst)
    case .power where second == nil && !isReversed && middle == 1:
      let exponent = constants?.values.first ?? 1
      let power = context.apply(Kernel.Activation(.power, alpha: exponent - 1), first)
      ofFirst = try context.combine(
        .multiplication, try context.combine(.multiplication, g, power),
        Tensor(shape: [], values: [exponent]))
      ofSecond = g
    default: throw LayerError("training does not go through its division or power")
    }
    add(ofFirst, to: step.inputs[0])
    guard let second, isNeeded(second) else { return }
    if outer > 1 || inner > 1 {
      ofSecond = context.reduce(.sum, context.view(ofSecond, shape: shape), axes: [0, 2])
    }
    add(ofSecond, to: second)
  }

  private mutating func differentiateReduction(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) throws {
    let (outer, axis, inner) = (step.numbers[1], step.numbers[2], step.numbers[3])
    guard let reduction = Reduction(rawValue: UInt32(step.numbers[0])),
      reduction == .sum || reduction == .mean
    else { throw LayerError("training does not go through its reduction") }
    var g = context.view(gradient, shape: [outer, 1, inner])
    if reduction == .mean {
      g = try context.combine(.division, g, Tensor(shape: [], values: [Float(axis)]))
    }
    add(try context.broadcast(g, to: [outer, axis, inner]), to: step.inputs[0])
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
