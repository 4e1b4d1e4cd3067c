import Kernel
import Runtime

/// Trains a network step by step: each run takes a batch forward and back, and changes the weights.
///
/// From one thread at a time. The results depend on neither the number of threads nor the time.
public final class TrainingSession {
  public let program: TrainingProgram
  private let state: AlignedMemory
  private let kernels: KernelTable
  private let workers: Workers
  /// Sessions by their batch, and their arenas.
  private var steps: [Int: Step] = [:]
  private var recorder: EventRecorder?

  private final class Step {
    var session: Session
    let arena: AlignedMemory
    let outputs: AlignedMemory
    let losses: AlignedMemory
    let inputGradients: [AlignedMemory]

    init(
      _ program: TrainingProgram, batch: Int, state: AlignedMemory, kernels: KernelTable,
      workers: Workers
    ) throws {
      guard
        let size = Session.arenaSize(program.program, batch: batch, threads: workers.threads)
      else { throw NetworkError("a batch of \(batch) needs more memory than there can be") }
      arena = try AlignedMemory(byteCount: size, for: "a batch of \(batch)")
      let values = program.outputShape.reduce(batch, *)
      outputs = try AlignedMemory(byteCount: values * 4, for: "the outputs")
      losses = try AlignedMemory(byteCount: batch * 4, for: "the losses")
      inputGradients = try program.inputShapes.prefix(program.program.header.outputCount - 2).map {
        try AlignedMemory(byteCount: $0.reduce(batch * 4, *), for: "the gradients of the inputs")
      }
      session = try Session(
        program.program, batch: batch, arena: arena.bytes, kernels: kernels, workers: workers)
      session.bindState(state.bytes.baseAddress.unsafelyUnwrapped)
      session.bindOutput(0, to: outputs.floats)
      session.bindOutput(1, to: losses.floats)
      for (index, memory) in inputGradients.enumerated() {
        session.bindOutput(2 + index, to: memory.floats)
      }
    }
  }

  /// What a step gives: views that are valid until the next.
  public struct Result {
    /// Each picture's loss, not weighted.
    public let losses: UnsafeBufferPointer<Float>
    /// The network's outputs before the weights changed.
    public let outputs: UnsafeBufferPointer<Float>
    /// The gradients of the network's inputs, where the program gives them.
    public let inputGradients: [UnsafeBufferPointer<Float>]
  }

  /// A session with the network's weights, and what the optimiser keeps at zero.
  ///
  /// - Parameters:
  ///   - kernels: Nil for those that `CNN_ISA` names, or else the processor's best.
  ///   - threads: Nil for as many as `CNN_THREADS` says, or else as there are cores.
  public init(
    _ program: TrainingProgram, kernels: KernelTable? = nil, threads: Int? = nil
  ) throws {
    self.program = program
    self.kernels = try (kernels ?? Processor.kernels()).withTraining
    let threads = try threads ?? Processor.threads()
    workers = threads > 1 ? Workers(ThreadPool(threads: threads)) : Workers()
    state = try AlignedMemory(
      byteCount: program.program.header.stateSize, for: "the weights and their gradients")
    state.bytes.initializeMemory(as: UInt8.self, repeating: 0)
    for (index, variable) in program.variables.enumerated() {
      setWeight(index, variable.initial)
    }
  }

  public var threads: Int { workers.threads }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - inputs: `count` pictures for each of the network's inputs.
  ///   - targets: As many targets.
  ///   - weights: What each picture counts: one over `count` for the mean.
  public func run(
    count: Int, inputs: [UnsafePointer<Float>], targets: UnsafePointer<Float>,
    weights: UnsafePointer<Float>
  ) throws -> Result {
    precondition(count > 0 && inputs.count == program.inputShapes.count)
    let step = try step(count)
    for (index, memory) in (inputs + [targets, weights]).enumerated() {
      step.session.bindInput(index, to: memory)
    }
    if let recorder { step.session.run(recording: recorder) } else { step.session.run() }
    return Result(
      losses: UnsafeBufferPointer(start: step.losses.floats, count: count),
      outputs: UnsafeBufferPointer(
        start: step.outputs.floats, count: program.outputShape.reduce(count, *)),
      inputGradients: zip(program.inputShapes, step.inputGradients).map {
        UnsafeBufferPointer(start: $1.floats, count: $0.reduce(count, *))
      })
  }

  /// What `body`'s steps are made of: when each operation ran.
  public func recording(_ body: () throws -> Void) rethrows -> [OperationEvent] {
    let capacity = 1 << 16
    let events = UnsafeMutableBufferPointer<OperationEvent>.allocate(capacity: capacity * threads)
    let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: threads)
    counts.initialize(repeating: 0)
    defer {
      recorder = nil
      events.deallocate()
      counts.deallocate()
    }
    recorder = EventRecorder(events: events, counts: counts, clock: { Processor.nanoseconds })
    try body()
    return counts.indices.flatMap { events[$0 * capacity..<$0 * capacity + counts[$0]] }
  }

  private func step(_ batch: Int) throws -> Step {
    if let step = steps[batch] { return step }
    // The last batch of an epoch is often smaller; more than two sizes are not kept.
    if steps.count > 1 { steps = [:] }
    let step = try Step(program, batch: batch, state: state, kernels: kernels, workers: workers)
    steps[batch] = step
    return step
  }

  /// Sets the numbers of the next steps' updates for a variable; see `UpdateNumber`.
  public func setNumbers(_ numbers: [Float], ofVariable index: Int) {
    guard let place = program.variables[index].numbers else { return }
    _ = floats(place).update(from: numbers)
  }

  /// Sets the seed of what is random in the next step.
  public func setSeed(_ seed: UInt64) {
    guard let place = program.seed else { return }
    UnsafeMutableRawBufferPointer(floats(place)).storeBytes(of: seed, as: UInt64.self)
  }

  /// A weight as it is now.
  public func weight(_ index: Int) -> Tensor {
    let variable = program.variables[index]
    return tensor(variable.place, variable)
  }

  /// A weight's numbers as they lie in the state, in an order of its own and filled up with zeros; valid
  /// until the next step.
  public func values(_ index: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(floats(program.variables[index].place))
  }

  public func setWeight(_ index: Int, _ tensor: Tensor) {
    let variable = program.variables[index]
    set(variable.place, tensor, variable)
  }

  /// What the optimiser keeps for a weight.
  public func slot(_ slot: Int, ofVariable index: Int) -> Tensor {
    let variable = program.variables[index]
    return tensor(variable.slots[slot], variable)
  }

  public func setSlot(_ slot: Int, ofVariable index: Int, _ tensor: Tensor) {
    let variable = program.variables[index]
    set(variable.slots[slot], tensor, variable)
  }

  /// The gradient of a weight in the last step; nil where the optimiser does not change it.
  public func gradient(_ index: Int) -> Tensor? {
    let variable = program.variables[index]
    return variable.gradient.map { tensor($0, variable) }
  }

  /// The network with the weights as they are now.
  public func network(_ network: Network) throws -> Network {
    var weights: [String: [Int: Tensor]] = [:]
    for (index, variable) in program.variables.enumerated() {
      weights[variable.layer, default: [:]][variable.index] = weight(index)
    }
    return try network.replacingWeights(prefix: "", weights)
  }

  private func floats(_ place: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: state.floats + place.lowerBound, count: place.count)
  }

  private func tensor(_ place: Range<Int>, _ variable: TrainingProgram.Variable) -> Tensor {
    variable.layout.unpacked(
      UnsafePointer(state.floats + place.lowerBound), shape: variable.shape)
  }

  private func set(
    _ place: Range<Int>, _ tensor: Tensor, _ variable: TrainingProgram.Variable
  ) {
    precondition(tensor.shape == variable.shape, "expected the weight's shape \(variable.shape)")
    _ = floats(place).update(from: variable.layout.packed(tensor))
  }
}

extension Network {
  /// The same network with other weights for some layers, by path and place.
  fileprivate func replacingWeights(
    prefix: String, _ weights: [String: [Int: Tensor]]
  ) throws -> Network {
    var result = self
    for (index, node) in nodes.enumerated() {
      if var nested = node.layer as? NestedNetwork {
        nested.network = try nested.network.replacingWeights(
          prefix: prefix + node.name + "/", weights)
        result.replaceLayer(ofNode: index, by: nested)
      }
      guard var own = node.weights, let new = weights[prefix + node.name] else { continue }
      for (place, tensor) in new { own[place] = tensor }
      try result.setWeights(own, ofNode: index)
    }
    return result
  }
}
