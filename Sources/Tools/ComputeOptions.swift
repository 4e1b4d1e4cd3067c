import ArgumentParser
import CNN

/// How a model is computed.
struct ComputeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The number of threads; without it CNN_THREADS, or one for each core. The results are the same.",
      valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "How convolutions are computed: auto, direct or winograd.", valueName: "name"))
  var algorithm: ConvolutionAlgorithm?

  @Flag(help: "Keep to direct convolution, which rounds least: --algorithm direct.")
  var exact = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads); expected 1 to 1024")
    }
    if exact, let algorithm, algorithm != .direct {
      throw ValidationError("--exact is --algorithm direct; \(algorithm.rawValue) was asked for")
    }
  }

  /// How convolutions are computed, as the options say.
  var convolutionAlgorithm: ConvolutionAlgorithm { exact ? .direct : algorithm ?? .automatic }

  /// An inference as the options ask for it.
  func inference(_ network: Network, batch: Int, taps: Set<String> = []) throws -> Inference {
    try Inference(
      network, batch: batch, taps: taps, threads: threads, algorithm: convolutionAlgorithm)
  }
}

extension ConvolutionAlgorithm: ExpressibleByArgument {}
