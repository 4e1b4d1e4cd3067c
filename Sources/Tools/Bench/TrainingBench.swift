import CNN
import Kernel
import Training

/// A network that is trained on one batch again and again, to be measured.
///
/// Forward, backward and the optimiser's step, in memory that is there: what a loop around it adds is not in it.
final class TrainingBench {
  let trainer: Trainer
  let batch: Int
  private let inputs: [Float]
  private let targets: [Float]

  /// - Parameters:
  ///   - inputs: A batch of pictures.
  ///   - targets: Classes as they are taken by the loss.
  init(
    _ network: Network, optimizer: Optimizer, loss: Loss, batch: Int, threads: Int?,
    inputs: [Float], targets: [Float]
  ) throws {
    trainer = try Trainer(
      network, optimizer: optimizer, loss: loss, batchSize: batch, seed: 1, threads: threads)
    self.batch = batch
    self.inputs = inputs
    self.targets = targets
    let (expected, needed) = (
      trainer.inputShape.reduce(batch, *), trainer.targetShape.reduce(batch, *)
    )
    guard inputs.count == expected, targets.count == needed else {
      throw ToolFailure(
        "a batch holds \(inputs.count) inputs and \(targets.count) targets; expected \(expected) and "
          + "\(needed)")
    }
  }

  /// The same with random pictures and classes, reproducible.
  convenience init(
    _ network: Network, optimizer: Optimizer, loss: Loss, batch: Int, threads: Int?
  ) throws {
    guard let input = network.inputShapes.first?.known,
      let output = network.outputShapes.first?.known
    else { throw ToolFailure("the model's input has open sizes; give one whose sizes are known") }
    var state: UInt32 = 12345
    func random() -> Float {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / Float(1 << 24)
    }
    let classes = output.last ?? 1
    let inputs = (0..<input.reduce(batch, *)).map { _ in random() }
    // One class of several, or one of two.
    let rows = output.reduce(batch, *) / classes
    let targets = (0..<rows).flatMap { row -> [Float] in
      if classes == 1 { return [Float(row % 2)] }
      return (0..<classes).map { $0 == row % classes ? 1 : 0 }
    }
    try self.init(
      network, optimizer: optimizer, loss: loss, batch: batch, threads: threads, inputs: inputs,
      targets: targets)
  }

  /// Takes a step and returns the batch's mean loss.
  @discardableResult
  func step() throws -> Double {
    let result = try inputs.withUnsafeBufferPointer { inputs in
      try targets.withUnsafeBufferPointer {
        try trainer.step(count: batch, inputs: inputs, targets: $0)
      }
    }
    return result.losses.reduce(0) { $0 + Double($1) } / Double(batch)
  }

  /// The times of so many steps in milliseconds, and the loss of the last.
  func steps(_ count: Int) throws -> (milliseconds: [Double], loss: Double) {
    var loss = 0.0
    let times = try (0..<count).map { _ in
      let begin = Processor.nanoseconds
      loss = try step()
      return Double(Processor.nanoseconds - begin) * 1e-6
    }
    return (times, loss)
  }

  /// The loss that a network's output asks for.
  static func loss(for network: Network) -> Loss {
    let outputs = network.outputShapes.first?.known?.last ?? 1
    return outputs > 1 ? .categoricalCrossentropy : .binaryCrossentropy(fromLogits: true)
  }
}

extension BenchMeasurement {
  /// The times of training steps.
  init(_ bench: TrainingBench, kernels: KernelTable, seconds: Double) throws {
    _ = try bench.steps(2)
    var latencies: [Double] = []
    let middle = Processor.nanoseconds + UInt64(seconds / 2 * 1e9)
    repeat {
      latencies += try bench.steps(1).milliseconds
    } while latencies.count < 5 || Processor.nanoseconds < middle
    let trainer = bench.trainer
    try self.init(
      latencies: latencies, operations: trainer.operations.count, threads: trainer.threads,
      kernels: kernels, seconds: seconds / 2
    ) { try trainer.recording { try bench.step() } }
  }
}
