import ArgumentParser
import CNN
import Glibc

/// A model in another container, or for another version of Keras.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Writes a model as a whole .h5 or .keras file that Keras loads.",
    discussion: """
      Example: cnntool convert Models/fashion-mnist.h5 fashion-mnist.keras

      The output's name says what it becomes: .h5, .hdf5 or .keras. Files of Keras 1, weights apart from \
      their architecture and models computed by Theano come out as one file that Keras 3 loads, or with \
      --keras 2 one that Keras 2 does. How the model was trained is kept, so that training can go on, \
      where the optimizer and the loss are among those that cnntool knows.

      --until writes a part: cnntool convert Models/fashion-mnist.h5 features.h5 --until pool_layer_4
      """)

  @OptionGroup var options: ModelOptions

  @Argument(
    help: "The file to write, ending in .h5, .hdf5 or .keras.",
    completion: .file(extensions: ["h5", "hdf5", "keras"]))
  var output: String

  @Option(help: ArgumentHelp("The Keras that is to load the file: 2 or 3.", valueName: "version"))
  var keras = 3

  @Option(
    help: ArgumentHelp(
      "Keep the model up to this layer, whose output becomes the model's, and what that needs; a name or "
        + "an index, as --layer takes it elsewhere. How the model was trained is left out.",
      valueName: "layer"))
  var until: String?

  @Flag(help: "Leave out how the model was trained, and what its optimizer keeps.")
  var withoutOptimizer = false

  @Flag(help: "Print what was written as JSON.")
  var json = false

  func validate() throws {
    guard keras == 2 || keras == 3 else {
      throw ValidationError("--keras is \(keras); expected 2 or 3")
    }
  }

  func run() throws {
    try options.refuse(asOutput: output)
    let format = try ModelFormat(path: output)
    var network = try options.network()
    if let until { network = try network.truncated(after: until) }
    // What an optimizer keeps is of all weights.
    let isUntrained = withoutOptimizer || until != nil
    try network.save(
      to: output, format: format, kerasMajorVersion: keras,
      training: isUntrained ? nil : options.trainingState)
    let count = try network.parameterCount()
    let report = Report(
      file: output, format: format == .hdf5 ? "h5" : "keras", keras: keras, model: network.name,
      layers: network.layerPaths.count, parameters: count.trainable + count.fixed)
    if json {
      try JSONOutput.print(report)
    } else if isatty(STDOUT_FILENO) == 1 {
      print(
        "\(output): \(report.layers) layers, \(report.parameters) parameters, for Keras \(keras)")
    }
  }

  private struct Report: Encodable {
    var file: String
    var format: String
    var keras: Int
    var model: String
    var layers: Int
    var parameters: Int
  }
}
