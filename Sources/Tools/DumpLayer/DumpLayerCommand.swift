import ArgumentParser
import CNN
import DataFiles

/// What layers compute, as tables and arrays.
struct DumpLayerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump-layer",
    abstract: "Writes what a layer computes, exactly as Keras does, as tables and arrays.",
    discussion: """
      Example: cnntool dump-layer Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --layer conv_layer_1 --channel 39 --csv

      A CSV table is what pandas.DataFrame(feature_map).to_csv() writes; an NPY file is what \
      numpy.save writes, with the batch as first axis where no channel is chosen. --html, --markdown \
      and --table round to six decimals and show which cells are positive, or as --highlight says.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var compute: ComputeOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A layer's name or index, 'outer/inner' inside of a nested model, or 'all'; may be repeated.",
      valueName: "layer"))
  var layer: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("One channel of the layer, from 0.", valueName: "number"))
  var channel: Int?

  @Flag var flag: LayerFormat?

  @Option(
    help: ArgumentHelp(
      "The format by its name: --format tidy is --tidy; without one that of the output's ending, else "
        + "csv.", valueName: "name"))
  var format: LayerFormat?

  @Option(
    help: ArgumentHelp(
      "Which cells of --html, --table and --markdown are coloured: positive, gradient, top=COUNT or "
        + "above=NUMBER; positive without it.", valueName: "which"))
  var highlight: Highlight?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A folder for files named after the layers; a file ending in .csv, .npy, .npz, .html, .md or "
        + ".txt; '-' for standard output.", valueName: "path"),
    completion: .directory)
  var output: String = "-"

  @Flag(help: "Say on standard error how each convolution was computed, as on a terminal.")
  var verbose = false

  func validate() throws {
    if let flag, let format, flag != format {
      throw ValidationError("--\(flag.rawValue) and --format \(format.rawValue) are two formats")
    }
    if highlight != nil, !chosenFormat.isHighlighted {
      throw ValidationError("--highlight is for --html, --table and --markdown")
    }
  }

  /// What was asked for, else what the file's name ends in.
  private var chosenFormat: LayerFormat {
    flag ?? format ?? LayerFormat.allCases.first { output.hasSuffix(".\($0.ending)") } ?? .csv
  }

  func run() throws {
    let network = try options.network()
    let paths = try network.layerPaths(layer)
    // What does not depend on the numbers is checked before they are computed.
    let writer = DumpWriter(
      format: chosenFormat, highlight: highlight ?? .positive, channel: channel, output: output)
    try writer.check(layerCount: paths.count)
    let (sized, tensors) = try inputs.load(for: network)
    let results = try BatchRunner(network: sized, compute: compute, taps: paths).run(tensors)
    try writer.write(zip(paths, results.taps).map { NamedTensor(name: $0, tensor: $1) })
    if verbose || StandardError.isTerminal { tellAlgorithms(results.operations, paths) }
  }

  /// Says how each convolution among the layers was computed.
  private func tellAlgorithms(_ operations: [OperationSummary], _ paths: [String]) {
    for operation in operations where !operation.algorithm.isEmpty {
      for layer in operation.layers where paths.contains(layer) {
        StandardError.write("\(layer): \(operation.kind), \(operation.algorithm)")
      }
    }
  }
}
