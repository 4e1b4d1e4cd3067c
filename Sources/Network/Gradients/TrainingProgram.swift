import Kernel
import Runtime

/// A network lowered for training: the forward operations, then those that compute gradients, then those that
/// change the weights, all of one program.
///
/// Its inputs are the network's, the targets, and what each picture counts; its outputs the network's and
/// each picture's loss. The weights, what the optimiser keeps for each of them and the gradients are its
/// state.
public final class TrainingProgram: Sendable {
  /// How the outputs are compared with the targets.
  public struct Objective: Equatable, Sendable {
    public var function: LossFunction
    /// Label smoothing, or Huber's δ.
    public var parameter: Float

    public init(_ function: LossFunction, parameter: Float = 0) {
      self.function = function
      self.parameter = parameter
    }
  }

  /// Whose gradients are scaled down together where their norm is larger than the number `norm`.
  public enum NormClipping: Sendable {
    /// Those of each variable by themselves: Keras's `clipnorm`.
    case eachVariable
    /// Those of all variables: Keras's `global_clipnorm`.
    case allVariables
  }

  /// A weight, where it lies in the state, and what the optimiser keeps beside it.
  public struct Variable: Sendable {
    /// The path of its layer, its place among the layer's weights, and its name there.
    public let layer: String
    public let index: Int
    public let name: String
    public let shape: [Int]
    /// Whether the optimiser changes it.
    public let isTrainable: Bool
    let layout: TrainingVariables.Layout
    let place: Range<Int>
    let slots: [Range<Int>]
    let numbers: Range<Int>?
    let gradient: Range<Int>?
    let initial: Tensor
  }

  let program: Program
  /// Every weight that is part of the state, in the order of the layers.
  public let variables: [Variable]
  /// The shape of a picture's targets.
  public let targetShape: [Int]
  public let inputShapes: [[Int]]
  public let outputShape: [Int]
  /// The floats of the state that are the seed of what is random; nil where nothing is.
  let seed: Range<Int>?
  /// What each operation is, in the order of the program.
  public let operations: [OperationSummary]
  private let memory: AlignedMemory

  /// Lowers a network for training.
  ///
  /// - Parameters:
  ///   - rule: How weights are changed; nil for gradients alone.
  ///   - clipping: What is done to gradients by their norm; nil for nothing.
  ///   - batch: How many pictures there will be at a time, which decides what is fastest.
  ///   - givesInputGradients: Whether the gradients of the network's inputs are outputs, too.
  /// - Throws: `NetworkError`, where a layer does not train, or the network has other than one output.
  public init(
    _ network: Network, objective: Objective, rule: UpdateRule?,
    clipping: NormClipping? = nil, batch: Int,
    givesInputGradients: Bool = false, algorithm: ConvolutionAlgorithm = .automatic
  ) throws {
    var plan = try TrainingPlan(network.withOwnWeights(), objective, rule, clipping)
    plan.lowering.moveActivationsBehindPoolings()
    try plan.differentiate(givesInputGradients: givesInputGradients)
    plan.finish(algorithm: algorithm, pictures: min(batch, Lowering.mostPictures))
    let lowering = plan.lowering
    let segments = lowering.segments()
    operations = lowering.steps.map { OperationSummary($0, lowering) }
    let writer = ProgramWriter(lowering, segments)
    memory = try AlignedMemory(byteCount: writer.header.totalSize, for: "the model")
    writer.write(to: memory.bytes)
    do {
      program = try Program(validating: UnsafeRawBufferPointer(memory.bytes))
    } catch {
      throw NetworkError("the program that was made is not valid (\(error)): this is a bug")
    }
    let program = program
    func place(_ value: Lowering.Value) -> Range<Int> {
      let tensor = program.tensor(writer.index[value] ?? 0)
      return tensor.offset / 4..<tensor.offset / 4 + tensor.count
    }
    variables = (lowering.variables?.variables ?? []).map { variable in
      let optimizer = plan.updates[variable.value]
      return Variable(
        layer: variable.place.path, index: variable.place.index, name: variable.name,
        shape: variable.initial.shape, isTrainable: variable.isTrainable,
        layout: variable.layout, place: place(variable.value),
        slots: optimizer?.slots.map(place) ?? [], numbers: optimizer.map { place($0.numbers) },
        gradient: plan.gradients[variable.value].map(place), initial: variable.initial)
    }
    targetShape = plan.targetShape
    inputShapes = lowering.inputs.dropLast(2).map { lowering.values[$0].shape }
    outputShape = lowering.values[lowering.outputs[0]].shape
    seed = lowering.variables?.seed.map(place)
  }
}

/// A network on its way to a training program.
struct TrainingPlan {
  var lowering: Lowering
  /// The gradient of each variable's value.
  private(set) var gradients: [Lowering.Value: Lowering.Value] = [:]
  /// What the optimiser keeps for each variable's value.
  private(set) var updates: [Lowering.Value: (slots: [Lowering.Value], numbers: Lowering.Value)] =
    [:]
  let targetShape: [Int]
  private let objective: TrainingProgram.Objective
  private let rule: UpdateRule?
  private let clipping: TrainingProgram.NormClipping?
  private let output: Lowering.Value
  private var preparation: [Lowering.Step] = []
  private var weightSteps: [Lowering.Step] = []

  init(
    _ network: Network, _ objective: TrainingProgram.Objective, _ rule: UpdateRule?,
    _ clipping: TrainingProgram.NormClipping?
  ) throws {
    guard network.outputs.count == 1 else {
      throw NetworkError(
        "the model has \(network.outputs.count) outputs; one is trained with a loss")
    }
    lowering = try Lowering.lower(network, taps: [], variables: TrainingVariables())
    self.objective = objective
    self.rule = rule
    self.clipping = clipping
    output = lowering.outputs[0]
    let shape = lowering.values[output].shape
    targetShape = objective.function.isSparse ? Array(shape.dropLast()) : shape
  }

  /// Appends the loss, its gradient, and the gradients of all that it depends on.
  mutating func differentiate(givesInputGradients: Bool) throws {
    let inputs = givesInputGradients ? lowering.inputs : []
    let shape = lowering.values[output].shape
    let targets = lowering.addInput(shape: targetShape, name: "targets")
    let weights = lowering.addInput(shape: [], name: "weights")
    let (function, from) = lossFunction()
    let classes = shape.last ?? 1
    func step(_ kind: Runtime.Operation.Kind, _ output: Lowering.Value) -> Lowering.Step {
      var step = Lowering.Step(kind: kind, inputs: [from, targets], output: output)
      step.layers = ["loss"]
      step.numbers = [Int(function.rawValue), shape.reduce(1, *) / classes, classes, 0]
      step.activation = Kernel.Activation(.linear, alpha: objective.parameter)
      step.pictureWeights = weights
      return step
    }
    let losses = lowering.define(shape: [])
    lowering.values[losses].role = .output
    lowering.values[losses].name = "loss"
    lowering.outputs.append(losses)
    let gradient = lowering.define(shape: shape)
    var builder = GradientBuilder(lowering, inputs: inputs)
    try builder.build(from: [(of: from, gradient: gradient)]) {
      [step(.loss, losses), step(.lossGradient, gradient)]
    }
    let unseen = inputs.filter { builder.gradient(of: $0) == nil }
    let zeros = unseen.map { input in
      (input, builder.context.filled(with: 0, shape: builder.context.shape(input)))
    }
    lowering = builder.context.lowering
    gradients = builder.ofVariables
    preparation = builder.preparation
    weightSteps = builder.weightSteps
    for input in inputs {
      let shape = lowering.values[input].shape
      let gradient = builder.gradient(of: input) ?? zeros.first { $0.0 == input }?.1 ?? input
      lowering.addOutput(
        lowering.view(gradient, shape: shape), name: lowering.values[input].name + " gradient")
    }
    guard givesInputGradients || !gradients.isEmpty else {
      throw NetworkError("nothing of the model can be trained: all its layers are frozen")
    }
  }

  /// The loss, and what it is computed of: where the network ends with the function that undoes it, of what
  /// that function is applied to, which is exact where probabilities come close to 0 and 1.
  private func lossFunction() -> (LossFunction, Lowering.Value) {
    guard let last = lowering.producer(of: output) else { return (objective.function, output) }
    let isSoftmax = last.kind == .softmax && last.numbers[2] == 1 && last.numbers[3] == 0
    let isSigmoid = last.kind == .activation && last.activation.function == .sigmoid
    switch objective.function {
    case .sparseCrossEntropyOfProbabilities where isSoftmax:
      return (.sparseCrossEntropy, last.inputs[0])
    case .crossEntropyOfProbabilities where isSoftmax: return (.crossEntropy, last.inputs[0])
    case .binaryCrossEntropyOfProbabilities where isSigmoid:
      return (.binaryCrossEntropy, last.inputs[0])
    default: return (objective.function, output)
    }
  }

  /// Fuses, chooses algorithms, and puts the steps about weights in their places.
  mutating func finish(algorithm: ConvolutionAlgorithm, pictures: Int) {
    // With them, so that nothing that they read is fused away.
    lowering.steps += weightSteps
    lowering.fuse()
    lowering.chooseAlgorithms(algorithm, pictures: pictures)
    lowering.fuseTrackedPoolings()
    var transformed: [String: Lowering.Value] = [:]
    for index in lowering.steps.indices {
      guard let kernel = lowering.steps[index].variableKernel else { continue }
      let tile = lowering.steps[index].winogradTile
      guard tile > 0 else {
        lowering.steps[index].references.weights = kernel.value
        continue
      }
      let key = "\(kernel.value) \(tile)"
      if transformed[key] == nil { transformed[key] = transform(kernel, tile: tile) }
      lowering.steps[index].references.weights = transformed[key]
    }
    lowering.steps = preparation + lowering.steps
    // Kept, whoever asks for them.
    for gradient in gradients.values { lowering.values[gradient].role = .tap }
    if let rule { appendUpdates(rule) }
  }

  /// A kernel as Winograd's method reads it.
  private mutating func transform(_ kernel: VariableKernel, tile: Int) -> Lowering.Value {
    let count = WinogradWeights.count(kernel.shape, tile: tile)
    let value = lowering.defineState(count)
    var step = Lowering.Step(kind: .winogradTransformation, inputs: [kernel.value], output: value)
    step.numbers = [kernel.shape[2], kernel.shape[3], tile]
    step.weights = WinogradWeights.matrix(tile: tile).flatMap { $0.map { Float($0) } }
    preparation.append(step)
    return value
  }

  private mutating func appendUpdates(_ rule: UpdateRule) {
    let changed = (lowering.variables?.variables ?? []).filter { gradients[$0.value] != nil }
    for variable in changed {
      let slots = (0..<rule.slotCount).map { _ in
        lowering.defineState(lowering.count(variable.value))
      }
      updates[variable.value] = (slots, lowering.defineState(UpdateNumber.count))
    }
    let squares = appendSquares(changed)
    for (index, variable) in changed.enumerated() {
      guard let (slots, numbers) = updates[variable.value] else { continue }
      var step = update(.update, variable, numbers)
      if !squares.isEmpty { step.inputs.append(squares[index]) }
      step.output = variable.value
      step.numbers = [Int(rule.rawValue)]
      step.references.weights = slots.first
      step.references.bias = slots.count > 1 ? slots[1] : nil
      step.references.shift = slots.count > 2 ? slots[2] : nil
      lowering.steps.append(step)
    }
  }

  /// An operation about a variable's gradient and the numbers of its step.
  private func update(
    _ kind: Runtime.Operation.Kind, _ variable: TrainingVariables.Variable,
    _ numbers: Lowering.Value
  ) -> Lowering.Step {
    let gradient = gradients[variable.value] ?? variable.value
    var step = Lowering.Step(
      kind: kind, inputs: [gradient], output: variable.value, layers: [variable.place.path])
    step.references.scale = numbers
    return step
  }

  /// Appends what the norms of gradients are computed by.
  ///
  /// - Returns: For each variable the sum of the squares that it is clipped by; none where it is not.
  private mutating func appendSquares(
    _ variables: [TrainingVariables.Variable]
  ) -> [Lowering.Value] {
    guard let clipping else { return [] }
    let all = lowering.defineState(variables.count * Panel.width)
    let parts = variables.indices.map {
      lowering.statePart(all, offset: $0 * Panel.width, count: Panel.width)
    }
    for (variable, part) in zip(variables, parts) {
      guard let (_, numbers) = updates[variable.value] else { continue }
      var step = update(.gradientSquares, variable, numbers)
      step.output = part
      step.references.weights = variable.value
      lowering.steps.append(step)
    }
    guard clipping == .allVariables else { return parts }
    let sum = lowering.defineState(Panel.width)
    var step = Lowering.Step(kind: .reduction, inputs: [all], output: sum, layers: ["loss"])
    step.numbers = [Int(Reduction.sum.rawValue), 1, variables.count, Panel.width]
    lowering.steps.append(step)
    return variables.map { _ in sum }
  }
}

extension Network {
  /// The same network with arrays for its weights that nothing else shares, by which they are told apart.
  func withOwnWeights() throws -> Network {
    var result = self
    for index in nodes.indices {
      if var nested = nodes[index].layer as? NestedNetwork {
        nested.network = try nested.network.withOwnWeights()
        result.replaceLayer(ofNode: index, by: nested)
      }
      guard let weights = nodes[index].weights, !weights.isEmpty else { continue }
      let own = weights.map { Tensor(shape: $0.shape, values: $0.values.map { $0 }) }
      try result.setWeights(own, ofNode: index)
    }
    return result
  }
}
