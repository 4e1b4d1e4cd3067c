import ArgumentParser
import CNN
import DataFiles

/// What layers compute, as tables and arrays.
struct DumpLayerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump-layer",
    abstract: "Writes what a layer computes, exactly as Keras does, as CSV, NPY or NPZ.",
    discussion: """
      Example: cnntool dump-layer Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --layer conv_layer_1 --channel 39 --csv

      A CSV table is what pandas.DataFrame(feature_map).to_csv() writes; an NPY file is what \
      numpy.save writes, with the batch as first axis where no channel is chosen.
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

  @Flag(help: "The format.")
  var format = DumpFormat.csv

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A folder for files named after the layers; a file ending in .csv, .npy or .npz; '-' for "
        + "standard output.", valueName: "path"),
    completion: .directory)
  var output: String = "-"

  @Flag(help: "Say on standard error how each convolution was computed, as on a terminal.")
  var verbose = false

  func run() throws {
    let network = try options.network()
    let paths = try selectedLayers(network)
    // What does not depend on the numbers is checked before they are computed.
    let writer = DumpWriter(
      model: options.model, format: format, channel: channel, output: output)
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

  private func selectedLayers(_ network: Network) throws -> [String] {
    var paths: [String] = []
    for designation in layer {
      let found =
        designation == "all" && !network.layerPaths.contains("all")
        ? network.layerPaths : [try network.layerPath(designation)]
      for path in found where !paths.contains(path) { paths.append(path) }
    }
    return paths
  }
}

/// How a dump is written.
enum DumpFormat: String, EnumerableFlag {
  case csv
  case npy
  case npz
}
