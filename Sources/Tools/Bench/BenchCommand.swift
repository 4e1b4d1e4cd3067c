import ArgumentParser
import CNN
import DataFiles
import Glibc
import Kernel
import Training

/// Times of a model's operations and of the whole.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures a model: time, rate and algorithm of each operation, latency, throughput.",
    discussion: """
      Example: cnntool bench Models/fashion-mnist.h5 --batch 1,32

      With --train it measures a training step, forward, backward and update, on random pictures:

        cnntool bench fashion-mnist --train --optimizer adam --batch 32

      With --worker there is no model: requests come as JSON lines on standard input.
      """)

  @Argument(help: "A Keras .h5, .keras or .weights.h5 file.", completion: .file())
  var model: String?

  @OptionGroup var architectureOptions: ArchitectureOptions

  @Option(help: ArgumentHelp("The batch sizes to measure.", valueName: "n,n,..."))
  var batch = "1,32"

  @OptionGroup var compute: ComputeOptions

  @Flag(help: "Measure training.")
  var train = false

  @Option(help: ArgumentHelp("With --train: how weights are changed.", valueName: "name"))
  var optimizer = "adam"

  @Option(help: ArgumentHelp("How long each batch size is measured.", valueName: "seconds"))
  var seconds = 1.0

  @Flag(help: "Print JSON.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Write one run of the first batch size as a trace for Chrome's viewer.", valueName: "file"),
    completion: .file())
  var trace: String?

  @Flag(help: "Answer requests as JSON lines, to be measured by another program.")
  var worker = false

  func validate() throws {
    if worker {
      guard model == nil, !json, trace == nil else {
        throw ValidationError("--worker takes no model and no other options")
      }
      return
    }
    guard model != nil else { throw ValidationError("no model is given: cnntool bench MODEL") }
    guard batches != nil else {
      throw ValidationError("--batch is '\(batch)'; expected sizes of at least 1, as in 1,32")
    }
    guard !train || trace == nil else { throw ValidationError("--trace is not for --train") }
    guard seconds > 0, seconds < 86_400 else {
      throw ValidationError("--seconds is \(seconds); expected a time above 0")
    }
  }

  private var batches: [Int]? {
    let sizes = batch.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    return sizes.isEmpty || sizes.contains { $0 < 1 } ? nil : sizes
  }

  func run() throws {
    if worker {
      var worker = BenchWorker()
      worker.run()
      return
    }
    guard let model, let batches else { return }
    let kernels = try Processor.kernels()
    let measure = try train ? trainingMeasurement(model, kernels) : measurement(model, kernels)
    var progress = Progress(total: batches.count)
    var report = BenchReport(
      model: model, instructionSet: "\(kernels.instructionSet.name)", threads: 0)
    for (index, size) in batches.enumerated() {
      let measured = try measure(size)
      report.threads = measured.threads
      report.batches.append(measured.batch)
      progress.advance(to: index + 1)
    }
    if json { try JSONOutput.print(report) } else { print(report.text) }
  }

  /// What measures a batch size, and says how many threads there were.
  private typealias Measurement = (Int) throws -> (batch: BenchReport.Batch, threads: Int)

  private func measurement(_ model: String, _ kernels: KernelTable) throws -> Measurement {
    let network = try architectureOptions.network(model)
    var trace = trace
    return { size in
      let inference = try compute.inference(network, batch: size)
      let measurement = BenchMeasurement(inference, kernels: kernels, seconds: seconds)
      if let file = trace {
        // Of the first batch size only.
        trace = nil
        let text = try ChromeTrace(inference.runRecording(), inference.operations).text()
        try OutputFile.write(Array(text.utf8), to: file, isText: true)
      }
      return (BenchReport.Batch(inference, measurement), inference.threads)
    }
  }

  private func trainingMeasurement(_ model: String, _ kernels: KernelTable) throws -> Measurement {
    var network: Network
    if let named = NamedArchitecture(rawValue: model) {
      network = try named.network()
      try network.initializeWeights(seed: 1)
    } else {
      network = try architectureOptions.network(model)
    }
    let optimizer = try Optimizer(kerasConfiguration: .string(optimizer))
    return { [network] size in
      let bench = try TrainingBench(
        network, optimizer: optimizer, loss: TrainingBench.loss(for: network), batch: size,
        threads: compute.threads)
      let measurement = try BenchMeasurement(bench, kernels: kernels, seconds: seconds)
      let batch = BenchReport.Batch(
        batch: size, threads: bench.trainer.threads, arenaBytes: 0, bench.trainer.operations,
        measurement)
      return (batch, bench.trainer.threads)
    }
  }
}
