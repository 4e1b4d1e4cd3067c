import Network

extension CompiledProgram {
  /// How well the compiled model does on a data set: see `Network.evaluate`. The loss has nothing in it that
  /// regularisers add.
  ///
  /// - Throws: `NetworkError`, where there is not so much memory; `TrainingError`, where the data set's items
  ///   are not the model's; the data set's errors.
  public func evaluate(
    _ data: any DataSet, loss: Loss, batchSize: Int = 32, threads: Int? = nil,
    isStrict: Bool = false, onProgress: (_ items: Int) -> Void = { _ in }
  ) throws -> Evaluation {
    try Evaluator(
      self, data, loss: loss, batchSize: batchSize, threads: threads, isStrict: isStrict
    ).runToEnd(onProgress)
  }
}
