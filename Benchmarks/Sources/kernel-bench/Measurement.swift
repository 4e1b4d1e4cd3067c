import CNN
import Kernel

/// The rate of a kernel beside the rate of pure multiply-adds, both measured in turns.
///
/// On a shared machine the clock rate and the share of the core that the program gets change from
/// one moment to the next. So the two alternate in short slices, and each slice of the kernel is
/// compared with the slices of multiply-adds right before and after it.
struct Measurement {
  /// The time of one run in the best slice, in seconds.
  var bestTime: Double
  /// Operations per second of the best slice of multiply-adds.
  var bestPeak: Double
  /// The median over the slices of the kernel's rate divided by the peak's around it.
  var medianShare: Double
  /// The rate of the kernel's best slice divided by the peak of the best slice.
  var bestShare: Double

  /// The length of a slice, in seconds.
  static let slice = 0.02

  init(_ workload: Workload, kernels: KernelTable, seconds: Double) throws {
    let inference = try Inference(
      workload.network, kernels: kernels, algorithm: workload.algorithm)
    fill(inference)
    let runs = repetitions(for: Self.slice) { count in
      for _ in 0..<count { inference.runInPlace() }
    }
    var sink: Float = 0
    let rounds = repetitions(for: Self.slice) { _ = kernels.runMultiplyAdds($0, 0.25, &sink) }

    func peak() -> Double {
      var operations = 0
      let time = duration(of: { operations = kernels.runMultiplyAdds(rounds, 0.25, &sink) })
      return Double(operations) / time
    }
    var times: [Double] = []
    var peaks = [peak()]
    for _ in 0..<max(3, Int(seconds / (2 * Self.slice))) {
      times.append(
        duration(of: { for _ in 0..<runs { inference.runInPlace() } }) / Double(runs))
      peaks.append(peak())
    }
    let operations = Double(workload.operations)
    bestTime = times.min() ?? 0
    bestPeak = peaks.max() ?? 0
    bestShare = operations / bestTime / bestPeak
    medianShare = median(
      times.indices.map { operations / times[$0] / ((peaks[$0] + peaks[$0 + 1]) / 2) })
  }
}

/// The time that a whole model takes for a batch, in seconds.
struct Latency {
  var batch: Int
  var best: Double
  var median: Double

  init(_ network: Network, batch: Int, kernels: KernelTable, seconds: Double) throws {
    let inference = try Inference(network, batch: batch, kernels: kernels)
    var times: [Double] = []
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    fill(inference)
    inference.runInPlace()
    while clock.now < end || times.count < 3 {
      // A run uses the input's memory again.
      fill(inference)
      times.append(duration(of: inference.runInPlace))
    }
    self.batch = batch
    best = times.min() ?? 0
    median = kernel_bench.median(times)
  }
}

/// Gives the inputs ordinary values: what is left in memory may be subnormal, which some processors
/// are slow with.
private func fill(_ inference: Inference) {
  let input = inference.input(0)
  for index in input.indices { input[index] = Float(index % 251) / 251 }
}

/// How often to do something so that it takes about so many seconds; at least once.
private func repetitions(for seconds: Double, _ body: (Int) -> Void) -> Int {
  var count = 1
  while true {
    let time = duration(of: { body(count) })
    if time > seconds / 4 { return max(1, Int((Double(count) * seconds / time).rounded())) }
    count *= 2
  }
}

private func duration(of body: () -> Void) -> Double {
  ContinuousClock().measure(body) / .seconds(1)
}

private func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
