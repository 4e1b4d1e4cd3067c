import ArgumentParser
import CNN

/// What each pixel adds to the score on the way from a baseline.
struct ExplainIntegratedGradientsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "integrated-gradients",
    abstract: "Integrated gradients: what each pixel adds to the score on the way from a baseline.",
    discussion: """
      Example: cnntool explain integrated-gradients Models/fashion-mnist.h5 \
      --input Models/samples/bag.png --scale 1/255 --steps 50 -o integrated.png

      The picture less the baseline, times the mean gradient on the straight line between them, by \
      trapezoids (Sundararajan, Taly and Yan, 2017). All numbers together are the picture's score less \
      the baseline's. The map is the sum over the channels; --npy has them apart.
      """)

  @OptionGroup var options: ExplainOptions
  @OptionGroup var baseline: BaselineOptions

  @Option(help: ArgumentHelp("Into how many parts the way is divided.", valueName: "number"))
  var steps = 50

  func validate() throws {
    guard (1...100_000).contains(steps) else {
      throw ValidationError("--steps is \(steps); expected 1 to 100000")
    }
  }

  func run() throws {
    try options.explain(
      IntegratedGradients(steps: steps, baseline: baseline.values), try options.network())
  }
}
