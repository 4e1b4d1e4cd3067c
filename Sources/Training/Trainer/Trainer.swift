import Kernel
import Network
import Runtime

/// Trains a network batch by batch, and knows what the optimiser keeps meanwhile.
///
/// The same seed, batches and steps give the same weights, bit for bit, at any number of threads.
public final class Trainer {
  public private(set) var optimizer: Optimizer
  public let loss: Loss
  /// The steps taken so far.
  public private(set) var iterations = 0
  /// What random layers draw by, together with the number of the step.
  public let seed: UInt64
  /// How many items most batches have.
  public let batchSize: Int
  /// How far `fit` is; nil before it begins.
  public internal(set) var position: TrainingPosition?
  /// How convolutions are computed.
  let algorithm: ConvolutionAlgorithm
  private let original: Network
  private let session: TrainingSession
  /// What each variable adds to the loss by itself.
  private let regularizers: [Regularizer?]
  /// What each item of a batch counts.
  private var weights: [Float] = []

  /// A trainer that begins with the network's weights.
  ///
  /// - Parameters:
  ///   - batchSize: How many items most batches will have.
  ///   - threads: Nil for as many as `CNN_THREADS` says, or else as there are cores.
  ///   - algorithm: How convolutions and their gradients are computed; direct ones round least.
  /// - Throws: `NetworkError`, where a layer has no weights or does not train.
  public init(
    _ network: Network, optimizer: Optimizer, loss: Loss, batchSize: Int, seed: UInt64 = 0,
    threads: Int? = nil, kernels: KernelTable? = nil,
    algorithm: ConvolutionAlgorithm = .automatic
  ) throws {
    self.optimizer = optimizer
    self.loss = loss
    self.seed = seed
    self.batchSize = batchSize
    self.algorithm = algorithm
    original = network
    let program = try TrainingProgram(
      network, objective: loss.objective, rule: optimizer.updateRule,
      clipping: optimizer.normClipping, batch: batchSize, algorithm: algorithm)
    session = try TrainingSession(program, kernels: kernels, threads: threads)
    let known = try network.regularizers()
    regularizers = program.variables.map { known["\($0.layer)/\($0.name)"] }
    for (index, variable) in program.variables.enumerated() where variable.isTrainable {
      for (place, slot) in optimizer.slots.enumerated() where slot.initialValue != 0 {
        session.setSlot(
          place, ofVariable: index,
          Tensor(shape: variable.shape, repeating: slot.initialValue))
      }
    }
  }

  public var threads: Int { session.threads }
  /// The shape of an item's input.
  public var inputShape: [Int] { session.program.inputShapes[0] }
  /// The shape of an item's target; empty for the number of a class.
  public var targetShape: [Int] { session.program.targetShape }
  public var outputShape: [Int] { session.program.outputShape }

  /// What a step's operations are, forward and back.
  public var operations: [OperationSummary] { session.program.operations }

  /// When each operation of the steps that `body` takes ran.
  public func recording(_ body: () throws -> Void) rethrows -> [OperationEvent] {
    try session.recording(body)
  }

  /// Takes a step.
  ///
  /// - Parameters:
  ///   - count: The number of items.
  ///   - inputs: Item behind item.
  ///   - targets: As many.
  ///   - itemWeights: What each item counts; nil for all alike.
  /// - Returns: Each item's loss and the network's outputs before the step; valid until the next.
  public func step(
    count: Int, inputs: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>,
    itemWeights: [Float]? = nil
  ) throws -> TrainingSession.Result {
    precondition(inputs.count >= inputShape.reduce(count, *), "inputs for all items")
    precondition(targets.count >= targetShape.reduce(count, *), "targets for all items")
    precondition(itemWeights?.count ?? count == count, "a weight for each item")
    guard let input = inputs.baseAddress, let target = targets.baseAddress else {
      preconditionFailure("a batch has an item")
    }
    // The mean over the batch.
    weights = (0..<count).map { (itemWeights?[$0] ?? 1) / Float(count) }
    var numbers = optimizer.updateNumbers(iterations)
    for (index, regularizer) in regularizers.enumerated() {
      numbers[UpdateNumber.lasso.rawValue] = Float(regularizer?.l1 ?? 0)
      numbers[UpdateNumber.ridge.rawValue] = Float(2 * (regularizer?.l2 ?? 0))
      session.setNumbers(numbers, ofVariable: index)
    }
    session.setSeed(mixed(seed) &+ UInt64(iterations))
    let result = try weights.withUnsafeBufferPointer {
      try session.run(
        count: count, inputs: [input], targets: target, weights: $0.baseAddress.unsafelyUnwrapped)
    }
    iterations += 1
    return result
  }

  /// The network with the weights as they are now.
  public var network: Network {
    get throws { try session.network(original) }
  }

  /// What the weights add to the loss by themselves, as they are now.
  public var penalty: Double {
    zip(session.program.variables.indices, regularizers).reduce(0) { sum, pair in
      guard let regularizer = pair.1, session.program.variables[pair.0].isTrainable else {
        return sum
      }
      return sum + regularizer.penalty(session.values(pair.0))
    }
  }

  /// Sets the learning rate of the steps to come.
  func setLearningRate(_ rate: Double) { optimizer.learningRate = .constant(rate) }

  /// Every weight of a layer that is trained, by its path.
  var weightsByPath: [String: Tensor] {
    get {
      var result: [String: Tensor] = [:]
      for (index, variable) in session.program.variables.enumerated() {
        result["\(variable.layer)/\(variable.name)"] = session.weight(index)
      }
      return result
    }
    set {
      for (index, variable) in session.program.variables.enumerated() {
        guard let tensor = newValue["\(variable.layer)/\(variable.name)"],
          tensor.shape == variable.shape
        else { continue }
        session.setWeight(index, tensor)
      }
    }
  }

  /// Whether no weight has become infinite or no number.
  var hasFiniteWeights: Bool {
    session.program.variables.indices.allSatisfy { session.values($0).allSatisfy(\.isFinite) }
  }

  /// What a file keeps so that training can go on.
  public var state: TrainingState {
    var state = TrainingState(
      optimizer: optimizer, loss: loss, metrics: ["accuracy"], iterations: iterations,
      position: position)
    for (index, variable) in session.program.variables.enumerated() where variable.isTrainable {
      for (place, slot) in optimizer.slots.enumerated() {
        state.slots["\(variable.layer)/\(variable.name)", default: [:]][slot.name] =
          session.slot(place, ofVariable: index)
      }
    }
    return state
  }

  /// Goes on where a file's training ended: its steps, what its optimiser kept, and where it says how far
  /// the training was, there. What the file does not have of a weight begins anew.
  ///
  /// - Throws: `TrainingError`, where the training that was interrupted was another one: by its optimiser,
  ///   loss, seed or batch size.
  public func restore(_ state: TrainingState) throws(TrainingError) {
    if let position = state.position {
      try check(state, position)
      optimizer = state.optimizer
      self.position = position
    }
    iterations = state.iterations
    for (index, variable) in session.program.variables.enumerated() where variable.isTrainable {
      let slots = state.slots["\(variable.layer)/\(variable.name)"] ?? [:]
      for (place, slot) in optimizer.slots.enumerated() {
        guard let tensor = slots[slot.name], tensor.shape == variable.shape else { continue }
        session.setSlot(place, ofVariable: index, tensor)
      }
    }
  }
}

extension Trainer {
  /// Refuses to go on with a training that was begun otherwise.
  private func check(
    _ state: TrainingState, _ position: TrainingPosition
  ) throws(TrainingError) {
    var known = state.optimizer
    // A plateau may have lowered it.
    if position.plateau != nil { known.learningRate = optimizer.learningRate }
    guard known == optimizer else {
      throw TrainingError(
        "the training was begun with another optimizer: \(state.optimizer.className) with other "
          + "numbers or another learning rate; go on with the same")
    }
    guard state.loss == loss else {
      throw TrainingError(
        "the training was begun with the loss \(state.loss.function.rawValue), not "
          + "\(loss.function.rawValue), or with other numbers of it; go on with the same")
    }
    for (name, begun, asked) in [
      ("seed", "\(position.seed)", "\(seed)"),
      ("batch size", "\(position.batchSize)", "\(batchSize)"),
    ] where begun != asked {
      throw TrainingError(
        "the training was begun with the \(name) \(begun), not \(asked); go on with the same")
    }
  }
}
