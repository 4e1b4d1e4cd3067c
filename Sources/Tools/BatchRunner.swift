import CNN

/// Runs a model over many items, some at a time, so that memory stays small.
struct BatchRunner {
  /// How many items are run at a time.
  static let chunk = 32

  /// Makes what runs so many items at a time.
  private let inference: (_ batch: Int) throws -> Inference
  /// The paths of the layers that are wanted besides the outputs.
  private let taps: [String]

  init(network: Network, compute: ComputeOptions, taps: [String] = []) {
    inference = { try compute.inference(network, batch: $0, taps: Set(taps)) }
    self.taps = taps
  }

  init(program: CompiledProgram, compute: ComputeOptions) {
    inference = { try Inference(program, batch: $0, threads: compute.threads) }
    taps = []
  }

  /// What one chunk computed.
  struct Results {
    var outputs: [Tensor]
    var taps: [Tensor]
    /// What was run.
    var operations: [OperationSummary]
  }

  /// Calls `body` with the results of each chunk, in order.
  func run(_ inputs: [Tensor], _ body: (Results) throws -> Void) throws {
    let count = inputs[0].shape[0]
    var progress = Progress(total: count)
    var inference: Inference?
    var first = 0
    while first < count {
      let size = min(Self.chunk, count - first)
      if inference?.batch != size {
        inference = try self.inference(size)
      }
      guard let inference else { return }
      let part = inputs.map { $0.rows(first..<first + size) }
      let outputs = try inference.run(part)
      let values = try taps.map { path in
        guard let value = inference.tap(path) else {
          throw ToolFailure("layer '\(path)' is not used by the model, so it computes nothing")
        }
        return value
      }
      try body(
        Results(outputs: outputs, taps: values, operations: inference.operations))
      first += size
      progress.advance(to: first)
    }
  }

  /// The results of all items at once.
  func run(_ inputs: [Tensor]) throws -> Results {
    var all: Results?
    try run(inputs) { results in
      guard var sum = all else {
        all = results
        return
      }
      for index in sum.outputs.indices { sum.outputs[index].append(results.outputs[index]) }
      for index in sum.taps.indices { sum.taps[index].append(results.taps[index]) }
      all = sum
    }
    return all ?? Results(outputs: [], taps: [], operations: [])
  }
}

extension Tensor {
  /// Some items of a batch.
  fileprivate func rows(_ range: Range<Int>) -> Tensor {
    let size = values.count / max(shape[0], 1)
    return Tensor(
      shape: [range.count] + shape.dropFirst(),
      values: Array(values[range.lowerBound * size..<range.upperBound * size]))
  }

  /// Adds the items of another batch of the same shape.
  fileprivate mutating func append(_ other: Tensor) {
    let count = shape[0] + other.shape[0]
    self = Tensor(shape: [count] + shape.dropFirst(), values: values + other.values)
  }
}
