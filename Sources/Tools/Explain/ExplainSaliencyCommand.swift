import ArgumentParser
import CNN

/// How much the score changes with each pixel.
struct ExplainSaliencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "saliency",
    abstract: "Saliency: how much the score changes with each pixel.",
    discussion: """
      Example: cnntool explain saliency Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 -o saliency.png

      The largest absolute gradient of a pixel's channels (Simonyan, Vedaldi and Zisserman, 2013).
      """)

  @OptionGroup var options: ExplainOptions

  func run() throws { try options.explain(Saliency(), try options.network()) }
}
