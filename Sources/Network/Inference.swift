import Kernel
import Runtime

/// A network ready to run: a program, its memory, and the kernels of this processor.
///
/// Made for one batch size; `run` may be called as often as one likes, from one thread at a time.
public final class Inference {
  private var compiled: CompiledProgram
  private var session: Session
  private let arena: AlignedMemory
  private let kernels: KernelTable
  private let workers: Workers
  private let taps: Set<String>
  private let algorithm: ConvolutionAlgorithm
  /// Memory for inputs and outputs that the caller has not bound to their own.
  private var inputMemory: [AlignedMemory] = []
  private var outputMemory: [AlignedMemory] = []

  /// Prepares a network for a batch.
  ///
  /// - Parameters:
  ///   - network: One that nobody else has gives its weights up while they are laid out, so that hardly
  ///     more than one copy of them is there at a time: `Inference(consume network)`.
  ///   - batch: The number of inputs that each run takes.
  ///   - taps: The paths of the layers whose outputs are wanted as well.
  ///   - kernels: Nil for those that `CNN_ISA` names, or else the processor's best.
  ///   - threads: Nil for as many as `CNN_THREADS` says, or else as there are cores. The results do
  ///     not depend on it.
  ///   - algorithm: How convolutions are computed.
  /// - Throws: `NetworkError`, where the network cannot be lowered; `ProcessorError`, where the
  ///   instruction set is not to be had.
  public convenience init(
    _ network: consuming Network, batch: Int = 1, taps: Set<String> = [],
    kernels: KernelTable? = nil,
    threads: Int? = nil, algorithm: ConvolutionAlgorithm = .automatic
  ) throws {
    precondition(batch > 0, "a batch has at least one input")
    try self.init(
      try CompiledProgram(consume network, taps: taps, algorithm: algorithm, batch: batch),
      batch: batch, kernels: kernels, threads: threads, taps: taps, algorithm: algorithm)
  }

  /// Prepares a program that was compiled before.
  ///
  /// - Parameters:
  ///   - batch: The number of inputs that each run takes.
  ///   - kernels: Nil for those that `CNN_ISA` names, or else the processor's best.
  ///   - threads: Nil for as many as `CNN_THREADS` says, or else as there are cores.
  /// - Throws: `NetworkError`, where there is not so much memory; `ProcessorError`, where the instruction set is
  ///   not to be had.
  public convenience init(
    _ program: CompiledProgram, batch: Int = 1, kernels: KernelTable? = nil, threads: Int? = nil
  ) throws {
    try self.init(
      program, batch: batch, kernels: kernels, threads: threads, taps: [], algorithm: .automatic)
  }

  private init(
    _ program: CompiledProgram, batch: Int, kernels: KernelTable?, threads: Int?,
    taps: Set<String>, algorithm: ConvolutionAlgorithm
  ) throws {
    precondition(batch > 0, "a batch has at least one input")
    precondition(threads ?? 1 > 0, "there is at least one thread")
    self.kernels = try kernels ?? Processor.kernels()
    self.taps = taps
    self.algorithm = algorithm
    let threads = try threads ?? Processor.threads()
    compiled = program
    let tooLarge = NetworkError(
      "a batch of \(batch) needs more memory than there can be; take a smaller one")
    guard let size = Session.arenaSize(compiled.program, batch: batch, threads: threads) else {
      throw tooLarge
    }
    arena = try AlignedMemory(byteCount: size, for: "a batch of \(batch)")
    workers = threads > 1 ? Workers(ThreadPool(threads: threads)) : Workers()
    session = try Session(
      compiled.program, batch: batch, arena: arena.bytes, kernels: self.kernels, workers: workers)
    func memory(_ tensor: Int) throws -> AlignedMemory {
      let (size, overflow) = compiled.program.tensor(tensor).count
        .multipliedReportingOverflow(by: batch * MemoryLayout<Float>.size)
      guard !overflow else { throw tooLarge }
      return try AlignedMemory(byteCount: size, for: "a batch of \(batch)")
    }
    inputMemory = try compiled.inputs.map(memory)
    outputMemory = try compiled.outputs.map(memory)
    bindOwnMemory()
  }

  private func bindOwnMemory() {
    for (index, memory) in inputMemory.enumerated() {
      session.bindInput(index, to: memory.floats)
    }
    for (index, memory) in outputMemory.enumerated() {
      session.bindOutput(index, to: memory.floats)
    }
  }

  /// Takes the weights that the same network has now; memory and threads stay, and inputs and outputs are
  /// again in memory of this one's own.
  ///
  /// - Throws: `NetworkError`, where it is another network.
  public func update(_ network: Network) throws {
    let updated = try CompiledProgram(network, taps: taps, algorithm: algorithm, batch: batch)
    func sizes(_ compiled: CompiledProgram) -> [Int] {
      (compiled.inputs + compiled.outputs).map { compiled.program.tensor($0).count }
    }
    guard sizes(updated) == sizes(compiled),
      Session.arenaSize(updated.program, batch: batch, threads: threads) == arena.bytes.count
    else { throw NetworkError("these are not the weights of the network that was prepared") }
    session = try Session(
      updated.program, batch: batch, arena: arena.bytes, kernels: kernels, workers: workers)
    compiled = updated
    bindOwnMemory()
  }

  public var batch: Int { session.batch }

  /// The number of inputs of the model.
  public var inputCount: Int { compiled.inputs.count }

  /// The number of threads that work on a run.
  public var threads: Int { session.threads }

  /// What each operation of the program is, in order.
  public var operations: [OperationSummary] { compiled.operations }

  /// The size of the memory for all intermediate values, in bytes.
  public var arenaSize: Int { arena.bytes.count }

  /// Runs the network once.
  ///
  /// - Parameter inputs: One tensor for each input, with the batch as first axis.
  /// - Returns: The outputs, in the network's order.
  /// - Throws: `NetworkError`, where the number of inputs or of their values is not the network's.
  @discardableResult
  public func run(_ inputs: [Tensor]) throws -> [Tensor] {
    guard inputs.count == compiled.inputs.count else {
      throw NetworkError(
        "\(inputs.count) inputs were given; the model has \(compiled.inputs.count)")
    }
    for (index, input) in zip(compiled.inputs, inputs) {
      let target = session.values(index)
      guard target.count == input.values.count else {
        throw NetworkError(
          "an input of shape \(input.shape) was given; expected \(shape(of: index))")
      }
      _ = target.update(from: input.values)
    }
    session.run()
    return compiled.outputs.map(tensor)
  }

  /// Runs the network on what the inputs' memory holds, without copying anything in or out.
  public func runInPlace() { session.run() }

  /// The same, and says when each operation ran.
  public func runRecording() -> [OperationEvent] {
    let capacity = 8 * compiled.operations.count * (batch + 8) + compiled.bandEvents * batch
    let events = UnsafeMutableBufferPointer<OperationEvent>.allocate(capacity: capacity * threads)
    let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: threads)
    counts.initialize(repeating: 0)
    defer {
      events.deallocate()
      counts.deallocate()
    }
    session.run(
      recording: EventRecorder(events: events, counts: counts, clock: { Processor.nanoseconds }))
    return counts.indices.flatMap { thread in
      events[thread * capacity..<thread * capacity + counts[thread]]
    }.sorted { $0.begin < $1.begin }
  }

  /// Reads an input straight from memory of the caller's in the runs to come: a batch of it, which the
  /// runs leave as it is.
  public func bindInput(_ index: Int, to memory: UnsafePointer<Float>) {
    session.bindInput(index, to: memory)
  }

  /// Writes an output straight to memory of the caller's in the runs to come: room for a batch of it.
  public func bindOutput(_ index: Int, to memory: UnsafeMutablePointer<Float>) {
    session.bindOutput(index, to: memory)
  }

  /// The memory of an input: what is written there is what the next run reads.
  public func input(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    session.values(compiled.inputs[index])
  }

  /// The memory of an output, valid until the next run.
  public func output(_ index: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(session.values(compiled.outputs[index]))
  }

  /// What a tapped layer computed in the last run; nil where it was not tapped. Further calls of a shared
  /// layer are `path:1`, `path:2`; further outputs of a layer that gives several `path[1]`, `path[2]`.
  public func tap(_ path: String) -> Tensor? { compiled.taps[path].map(tensor) }

  private func shape(of index: Int) -> [Int] {
    let record = compiled.program.tensor(index)
    return [batch] + (0..<record.rank).map { record.sizes[$0] }
  }

  private func tensor(_ index: Int) -> Tensor {
    Tensor(shape: shape(of: index), values: Array(session.values(index)))
  }
}

extension Network {
  /// Runs the network once on a batch and returns its outputs.
  ///
  /// For repeated runs make an `Inference` once.
  public func predict(_ inputs: Tensor...) throws -> [Tensor] {
    try inference(inputs).run(inputs)
  }

  /// What layers compute for a batch, by their paths.
  public func activations(of paths: [String], _ inputs: Tensor...) throws -> [String: Tensor] {
    let inference = try inference(inputs, taps: Set(paths))
    try inference.run(inputs)
    return Dictionary(
      paths.compactMap { path in inference.tap(path).map { (path, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  private func inference(_ inputs: [Tensor], taps: Set<String> = []) throws -> Inference {
    guard inputs.count == self.inputs.count, let batch = inputs.first?.shape.first, batch > 0 else {
      throw NetworkError(
        "\(inputs.count) inputs were given; the model has \(self.inputs.count), "
          + "each with a batch of at least one")
    }
    let shapes = inputs.map { Shape(Array($0.shape.dropFirst())) }
    return try Inference(try resized(inputShapes: shapes), batch: batch, taps: taps)
  }
}
