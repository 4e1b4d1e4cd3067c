import Kernel
import Runtime

/// A variable, and where the operation that computes its gradient says where that goes.
typealias GradientTarget = (
  value: Lowering.Value, place: WritableKeyPath<Lowering.Step, Lowering.Value?>
)

/// Appends to a lowered network the operations that compute gradients, by the chain rule, from the last
/// operation back to the first.
struct GradientBuilder {
  var context: LoweringContext
  /// The gradient of each root value, so far.
  private(set) var gradients: [Lowering.Value: Lowering.Value] = [:]
  /// The root values that depend on what gradients are asked for of.
  private var needed: Set<Lowering.Value> = []
  /// What turns weights round, once a run, before all else.
  private(set) var preparation: [Lowering.Step] = []
  /// The gradients of weights, about whole batches, behind all else.
  private(set) var weightSteps: [Lowering.Step] = []
  /// The gradient of each variable's value, in its layout.
  private(set) var ofVariables: [Lowering.Value: Lowering.Value] = [:]

  /// - Parameter inputs: Values whose gradients are asked for, beside those of variables.
  init(_ lowering: Lowering, inputs: [Lowering.Value] = []) {
    context = LoweringContext(
      lowering: lowering, inputs: [], weights: [], prefix: "", taps: [])
    let trainable = Set(
      (lowering.variables?.variables ?? []).filter(\.isTrainable).map(\.value))
    needed = Set(inputs.map { lowering.values[$0].root })
    for step in lowering.steps {
      let references = step.references
      let changes =
        [references.weights, references.bias, references.scale, step.variableKernel?.value]
        .contains { $0.map(trainable.contains) ?? false }
      if changes || step.inputs.contains(where: { needed.contains(lowering.values[$0].root) }) {
        needed.insert(lowering.values[step.output].root)
      }
    }
  }

  /// The gradient of a value; nil where nothing that counts depends on it.
  func gradient(of value: Lowering.Value) -> Lowering.Value? { gradients[root(value)] }

  /// Goes from the last step to the first.
  ///
  /// - Parameters:
  ///   - seeds: The gradients of the values that it begins with.
  ///   - loss: What computes them.
  mutating func build(
    from seeds: [(of: Lowering.Value, gradient: Lowering.Value)], _ loss: () -> [Lowering.Step]
  ) throws {
    let forward = context.lowering.steps
    context.lowering.steps = []
    for step in forward {
      if step.kind == .transposedConvolution, step.variableKernel != nil {
        try naming(step) { try $0.appendTransposed(step) }
      } else {
        context.lowering.steps.append(step)
      }
    }
    context.lowering.steps += loss()
    for seed in seeds { add(seed.gradient, to: seed.of) }
    for index in forward.indices.reversed() {
      let step = forward[index]
      guard let gradient = gradients[root(step.output)],
        needed.contains(root(step.output))
      else { continue }
      let first = context.lowering.steps.count
      try naming(step) { try $0.differentiate(step, gradient) }
      for position in first..<context.lowering.steps.count {
        context.lowering.steps[position].layers = step.layers
      }
    }
  }

  /// What `body` throws says the layer.
  private mutating func naming(
    _ step: Lowering.Step, _ body: (inout GradientBuilder) throws -> Void
  ) throws {
    do {
      try body(&self)
    } catch let error as LayerError {
      throw NetworkError(error.message, layer: step.layers.last ?? "")
    }
  }

  func root(_ value: Lowering.Value) -> Lowering.Value {
    context.lowering.values[value].root
  }

  /// Whether the gradient of a value is asked for.
  func isNeeded(_ value: Lowering.Value) -> Bool { needed.contains(root(value)) }

  /// Adds to the gradient of a value; those of one that is used several times are added up.
  mutating func add(_ gradient: Lowering.Value, to value: Lowering.Value) {
    guard isNeeded(value) else { return }
    let shape = context.shape(root(value))
    let own = context.view(gradient, shape: shape)
    gradients[root(value)] = gradients[root(value)].map { context.add($0, own) } ?? own
  }

  private mutating func differentiate(
    _ step: Lowering.Step, _ gradient: Lowering.Value
  ) throws {
    let input = step.inputs[0]
    switch step.kind {
    case .convolution: try differentiateConvolution(step, gradient)
    case .transposedConvolution: differentiateTransposed(step, gradient)
    case .depthwiseConvolution: differentiateDepthwise(step, gradient)
    case .addition: for input in step.inputs { add(gradient, to: input) }
    case .activation:
      let source = step.activation.function.gradientSource
      var result = context.step(
        .activationGradient, [gradient, source == .input ? input : step.output],
        shape: context.shape(gradient))
      result.activation = step.activation
      add(context.append(result), to: input)
    case .softmax: try differentiateSoftmax(step, gradient)
    case .trackedMaximumPooling:
      guard let places = step.places else { return }
      var result = context.step(
        .maximumPoolingGradient, [gradient, places], shape: context.shape(input))
      result.window = step.window
      add(context.append(result), to: input)
    case .averagePooling:
      var result = context.step(
        .averagePoolingGradient, [gradient], shape: context.shape(input))
      result.window = step.window
      add(context.append(result), to: input)
    case .dropout:
      var result = step
      result.inputs = [context.view(gradient, shape: context.shape(input))]
      result.output = context.lowering.define(shape: context.shape(input))
      add(context.append(result), to: input)
    case .scaleAndShift: differentiateScale(step, gradient)
    case .copy: differentiateCopy(step, gradient)
    case .fill, .constant, .batchMoments: break
    default: try differentiateArrays(step, gradient)
    }
  }

  /// Takes down an operation that prepares weights.
  mutating func prepare(_ step: Lowering.Step) { preparation.append(step) }

  /// Takes down the gradient of a variable: `make` gives the operation that computes it for so many chunks, of
  /// which the state holds one after the other.
  mutating func addWeightGradient(
    _ variables: [GradientTarget],
    chunks: Int, _ step: Lowering.Step
  ) {
    var step = step
    step.chunks = chunks
    var results: [(variable: Lowering.Value, sums: Lowering.Value, gradient: Lowering.Value)] = []
    for (variable, place) in variables {
      let count = context.lowering.count(variable)
      let sums = context.lowering.defineState(chunks * count)
      step[keyPath: place] = sums
      let gradient = chunks == 1 ? sums : context.lowering.defineState(count)
      results.append((variable, sums, gradient))
    }
    if step.isAccumulated {
      context.lowering.steps.append(step)
    } else {
      weightSteps.append(step)
    }
    for (variable, sums, gradient) in results {
      if chunks > 1 {
        var sum = Lowering.Step(kind: .reduction, inputs: [sums], output: gradient)
        sum.numbers = [
          Int(Reduction.sum.rawValue), 1, chunks, context.lowering.count(variable),
        ]
        sum.layers = step.layers
        weightSteps.append(sum)
      }
      setWeightGradient(variable, gradient)
    }
  }

  /// Takes down the gradient of a variable; those of one that is used several times are added up.
  mutating func setWeightGradient(_ variable: Lowering.Value, _ gradient: Lowering.Value) {
    guard let other = ofVariables[variable] else {
      ofVariables[variable] = gradient
      return
    }
    let both = context.lowering.defineState(context.lowering.count(variable))
    weightSteps.append(
      Lowering.Step(kind: .addition, inputs: [other, gradient], output: both))
    ofVariables[variable] = both
  }

}

extension Lowering.Step {
  /// The output, as what may be set.
  var target: Lowering.Value? {
    get { output }
    set { output = newValue ?? output }
  }
}
