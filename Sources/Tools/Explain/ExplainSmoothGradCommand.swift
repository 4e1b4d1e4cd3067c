import ArgumentParser
import CNN

/// The mean saliency of noisy copies.
struct ExplainSmoothGradCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "smoothgrad",
    abstract: "SmoothGrad: the mean of the saliency over noisy copies of the picture.",
    discussion: """
      Example: cnntool explain smoothgrad Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --samples 50 --noise 0.15 --seed 1 -o smoothgrad.png

      The noise is normally distributed (Smilkov and others, 2017). The same seed gives the same map.
      """)

  @OptionGroup var options: ExplainOptions

  @Option(help: ArgumentHelp("How many copies.", valueName: "number"))
  var samples = 50

  @Option(
    help: ArgumentHelp(
      "The noise's deviation as a share of the picture's greatest value less its least.",
      valueName: "share"))
  var noise = 0.15

  @Option(help: ArgumentHelp("What the noise follows from.", valueName: "number"))
  var seed: UInt64 = 0

  func validate() throws {
    guard (1...100_000).contains(samples) else {
      throw ValidationError("--samples is \(samples); expected 1 to 100000")
    }
    guard noise >= 0, noise.isFinite else {
      throw ValidationError("--noise is \(noise); expected 0 or more, such as 0.15")
    }
  }

  func run() throws {
    try options.explain(
      SmoothGrad(samples: samples, noise: noise, seed: seed), try options.network())
  }
}
