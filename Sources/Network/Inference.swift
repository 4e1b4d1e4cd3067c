import Kernel
import Runtime

/// A network ready to run: a program, its memory, and the kernels of this processor.
///
/// Made for one batch size; `run` may be called as often as one likes, from one thread at a time.
public final class Inference {
  private let compiled: CompiledProgram
  private let session: Session
  private let arena: AlignedMemory

  /// Prepares a network for a batch.
  ///
  /// - Parameters:
  ///   - batch: The number of inputs that each run takes.
  ///   - taps: The paths of the layers whose outputs are wanted as well.
  ///   - kernels: Nil for those that `CNN_ISA` names, or else the processor's best.
  /// - Throws: `NetworkError`, where the network cannot be lowered; `ProcessorError`, where the
  ///   instruction set is not to be had.
  public init(
    _ network: Network, batch: Int = 1, taps: Set<String> = [], kernels: KernelTable? = nil
  ) throws {
    precondition(batch > 0, "a batch has at least one input")
    let kernels = try kernels ?? Processor.kernels()
    compiled = try CompiledProgram(network, taps: taps)
    guard let size = Session.arenaSize(compiled.program, batch: batch) else {
      throw NetworkError(
        "a batch of \(batch) needs more memory than there can be; take a smaller one")
    }
    arena = try AlignedMemory(byteCount: size, for: "a batch of \(batch)")
    session = try Session(compiled.program, batch: batch, arena: arena.bytes, kernels: kernels)
  }

  public var batch: Int { session.batch }

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

  /// The memory of an input, to be written before each run in place.
  public func input(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    session.values(compiled.inputs[index])
  }

  /// The memory of an output, valid until the next run.
  public func output(_ index: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(session.values(compiled.outputs[index]))
  }

  /// What a tapped layer computed in the last run; nil where it was not tapped. Further calls of a shared
  /// layer are `path:1`, `path:2`.
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
