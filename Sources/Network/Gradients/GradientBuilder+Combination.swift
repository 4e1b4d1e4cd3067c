import Kernel
import Runtime

extension GradientBuilder {
  /// Two values, the second repeated: as `outer`, `middle`, `inner`.
  mutating func differentiateCombination(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) throws {
    guard let operands = Operands(step) else { return }
    let g = context.view(gradient, shape: operands.shape)
    let variable = step.references.weights.flatMap { isTrainable($0) ? $0 : nil }
    let second = step.inputs.count > 1 && isNeeded(step.inputs[1]) ? step.inputs[1] : nil
    let ofFirst: Lowering.Value?
    let ofSecond: Lowering.Value?
    if operands.function == .maximum || operands.function == .minimum {
      (ofFirst, ofSecond) = try differentiateExtreme(operands, g)
    } else {
      ofFirst = isNeeded(step.inputs[0]) ? try gradientOfFirst(operands, g) : nil
      ofSecond = variable ?? second == nil ? nil : try gradientOfSecond(operands, g)
    }
    if let ofFirst { add(ofFirst, to: step.inputs[0]) }
    guard let ofSecond else { return }
    let whole = context.view(ofSecond, shape: operands.shape)
    if let variable {
      addSum(whole, to: variable, layers: step.layers)
    } else if let second {
      let isRepeated = operands.shape[0] > 1 || operands.shape[2] > 1
      add(isRepeated ? context.reduce(.sum, whole, axes: [0, 2]) : whole, to: second)
    }
  }

  /// What a combination combines.
  private struct Operands {
    let step: Lowering.Step
    let function: BinaryFunction
    /// That of the first: outer, middle, inner; the second has `middle` values.
    let shape: [Int]
    let isReversed: Bool

    init?(_ step: Lowering.Step) {
      guard let function = BinaryFunction(rawValue: UInt32(step.numbers[0])) else { return nil }
      self.step = step
      self.function = function
      shape = Array(step.numbers[1...3])
      isReversed = step.numbers[4] != 0
    }

    /// The exponent of a power of one constant.
    var exponent: Float? {
      step.references.weights == nil && shape[1] == 1 && !isReversed ? step.weights?.first : nil
    }
  }

  private mutating func first(_ operands: Operands) -> Lowering.Value {
    context.view(operands.step.inputs[0], shape: operands.shape)
  }

  /// A value of the first's shape combined with the second, which is on the right unless `isReversed`.
  private mutating func combine(
    _ function: BinaryFunction, _ value: Lowering.Value, withSecondOf operands: Operands,
    isReversed: Bool = false
  ) throws -> Lowering.Value {
    let (step, shape) = (operands.step, [operands.shape[1], 1])
    if let variable = step.references.weights {
      return try context.combine(
        function, value, variable: variable, shape: shape, isReversed: isReversed)
    }
    if let constants = step.weights {
      let tensor = Tensor(shape: shape, values: Array(constants.prefix(shape[0])))
      return try context.combine(function, value, tensor, isReversed: isReversed)
    }
    let second = context.view(step.inputs[1], shape: shape)
    return isReversed
      ? try context.combine(function, try context.broadcast(second, to: operands.shape), value)
      : try context.combine(function, value, second)
  }

  private mutating func negative(_ value: Lowering.Value) -> Lowering.Value {
    context.apply(Kernel.Activation(.negative), value)
  }

  private mutating func gradientOfFirst(
    _ operands: Operands, _ g: Lowering.Value
  ) throws -> Lowering.Value {
    switch operands.function {
    case .addition: return g
    case .subtraction: return operands.isReversed ? negative(g) : g
    case .multiplication: return try combine(.multiplication, g, withSecondOf: operands)
    case .division where operands.isReversed:
      // Of b / a: -y · g / a.
      let quotient = try context.combine(.division, g, first(operands))
      return negative(try context.combine(.multiplication, quotient, result(operands)))
    case .division: return try combine(.division, g, withSecondOf: operands)
    case .squaredDifference: return try differentiateSquare(operands, g)
    case .power:
      guard let exponent = operands.exponent else { throw unknownPower }
      let power = context.apply(
        Kernel.Activation(.power, alpha: exponent - 1), first(operands))
      return try context.combine(
        .multiplication, try context.combine(.multiplication, g, power),
        Tensor(shape: [], values: [exponent]))
    case .maximum, .minimum: return try differentiateExtreme(operands, g).ofFirst
    }
  }

  private mutating func gradientOfSecond(
    _ operands: Operands, _ g: Lowering.Value
  ) throws -> Lowering.Value {
    switch operands.function {
    case .addition: return g
    case .subtraction: return operands.isReversed ? g : negative(g)
    case .multiplication: return try context.combine(.multiplication, g, first(operands))
    case .division where operands.isReversed:
      return try context.combine(.division, g, first(operands))
    case .division:
      // Of a / b: -y · g / b.
      let quotient = try context.combine(.multiplication, g, result(operands))
      return negative(try combine(.division, quotient, withSecondOf: operands))
    case .squaredDifference: return negative(try differentiateSquare(operands, g))
    case .power: throw unknownPower
    case .maximum, .minimum: return try differentiateExtreme(operands, g).ofSecond
    }
  }

  private var unknownPower: LayerError {
    LayerError("training goes through powers of one constant exponent only")
  }

  private mutating func result(_ operands: Operands) -> Lowering.Value {
    context.view(operands.step.output, shape: operands.shape)
  }

  /// Of (a - b)²: 2 · (a - b) · g.
  private mutating func differentiateSquare(
    _ operands: Operands, _ g: Lowering.Value
  ) throws -> Lowering.Value {
    let difference = try combine(.subtraction, first(operands), withSecondOf: operands)
    let doubled = try context.combine(
      .multiplication, difference, Tensor(shape: [], values: [2]))
    return try context.combine(.multiplication, doubled, g)
  }

  /// The gradient goes to the operand that is the result; of two alike to the left one, as in TensorFlow.
  private mutating func differentiateExtreme(
    _ operands: Operands, _ g: Lowering.Value
  ) throws -> (ofFirst: Lowering.Value, ofSecond: Lowering.Value) {
    // Above zero where the right one is the result.
    let difference = try combine(
      .subtraction, first(operands), withSecondOf: operands,
      isReversed: (operands.function == .maximum) != operands.isReversed)
    var gate = context.step(.activationGradient, [g, difference], shape: operands.shape)
    gate.activation = Kernel.Activation(.relu)
    let ofRight = context.append(gate)
    let ofLeft = try context.combine(.subtraction, g, ofRight)
    return operands.isReversed ? (ofRight, ofLeft) : (ofLeft, ofRight)
  }

  /// Takes down the gradient of a variable with a value for each of the middle axis: the sum over all else.
  ///
  /// Over the batch it is the gradient of a 1×1 convolution's weights whose inputs are one everywhere.
  ///
  /// - Parameter values: Of shape outer, middle, inner.
  mutating func addSum(
    _ values: Lowering.Value, to variable: Lowering.Value, layers: [String]
  ) {
    let shape = context.shape(values)
    let (outer, middle) = (shape[0], shape[1])
    let rows = shape[2] == 1 ? values : context.reduce(.sum, values, axes: [2])
    let ones = context.filled(with: 1, shape: [1, outer, 1])
    addConvolutionGradient(
      Runtime.Operation.Window(
        geometry: WindowGeometry(batch: 1, input: (1, outer, 1), output: (1, outer, middle))),
      from: [ones, context.view(rows, shape: [1, outer, middle])], to: [(variable, \.target)],
      layers: layers)
  }
}
