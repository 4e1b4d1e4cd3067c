import CNN
import Kernel

/// The times of an inference: as a whole, and operation by operation.
struct BenchMeasurement {
  /// One run, in milliseconds, as often as there was time for.
  var latencies: [Double]
  /// For each operation the medians over runs, in nanoseconds: the longest that a thread was at it.
  var operations: [Double]
  /// The floating-point operations a second of multiply-adds in registers on one core, the median of
  /// slices between the runs.
  var peak: Double

  /// The multiply-adds of a slice: about a millisecond.
  private static let peakRounds = 30_000

  init(_ inference: Inference, kernels: KernelTable, seconds: Double) {
    Self.fill(inference)
    let latencies = Sampling.milliseconds(
      seconds: seconds / 2, atLeast: 5, inference.runInPlace)
    self.init(
      latencies: latencies, operations: inference.operations.count, threads: inference.threads,
      kernels: kernels, seconds: seconds / 2, inference.runRecording)
  }

  /// Measures operations by runs that are recorded, for so many seconds.
  init<Failure: Error>(
    latencies: [Double], operations count: Int, threads: Int, kernels: KernelTable,
    seconds: Double, _ record: () throws(Failure) -> [OperationEvent]
  ) throws(Failure) {
    self.latencies = latencies
    var peaks: [Double] = []
    var times: [[Double]] = []
    var sink: Float = 0
    let end = Processor.nanoseconds + UInt64(seconds * 1e9)
    repeat {
      let begin = Processor.nanoseconds
      let done = kernels.runMultiplyAdds(Self.peakRounds, 0.25, &sink)
      peaks.append(Double(done) / (Double(Processor.nanoseconds - begin) * 1e-9))
      times.append(Self.busiest(try record(), operations: count, threads: threads))
    } while times.count < 3 || Processor.nanoseconds < end && times.count < 1000
    peak = peaks.quantile(0.5)
    operations = (0..<count).map { index in times.map { $0[index] }.quantile(0.5) }
  }

  /// For each operation the time of the thread that spent most on it.
  private static func busiest(
    _ events: [OperationEvent], operations: Int, threads: Int
  ) -> [Double] {
    var sums = Array(repeating: [Double](repeating: 0, count: threads), count: operations)
    for event in events {
      sums[event.operation][event.thread] += Double(event.end - event.begin)
    }
    return sums.map { $0.max() ?? 0 }
  }

  /// Gives the inputs reproducible values from 0 to 1, none of them subnormal.
  private static func fill(_ inference: Inference) {
    var state: UInt32 = 12345
    for index in 0..<inference.inputCount {
      let input = inference.input(index)
      for element in input.indices {
        state = state &* 1_664_525 &+ 1_013_904_223
        input[element] = Float(state >> 8) / Float(1 << 24)
      }
    }
  }
}
