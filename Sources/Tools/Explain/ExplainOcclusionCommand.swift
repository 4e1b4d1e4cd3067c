import ArgumentParser
import CNN

/// How much the score drops where a window is hidden.
struct ExplainOcclusionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "occlusion",
    abstract: "Occlusion: how much the score drops where a window of the picture is hidden.",
    discussion: """
      Example: cnntool explain occlusion Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --window 6 --stride 2 -o occlusion.png

      A pixel's number is the mean over the windows that cover it (after Zeiler and Fergus, 2013). No \
      gradients are needed, so it works with layers of every kind.
      """)

  @OptionGroup var options: ExplainOptions
  @OptionGroup var baseline: BaselineOptions

  @Option(
    help: ArgumentHelp(
      "The side of the window in pixels; without it a sixth of the picture's shorter side.",
      valueName: "pixels"))
  var window: Int?

  @Option(
    help: ArgumentHelp(
      "From one window to the next; without it half a window.", valueName: "pixels"))
  var stride: Int?

  func validate() throws {
    for (name, value) in [("window", window), ("stride", stride)] {
      if let value, value < 1 {
        throw ValidationError("--\(name) is \(value); expected at least 1")
      }
    }
  }

  func run() throws {
    try options.explain(
      Occlusion(window: window, stride: stride, baseline: baseline.values), try options.network())
  }
}
