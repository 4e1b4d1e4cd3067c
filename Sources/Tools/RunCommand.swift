import ArgumentParser
import CNN
import DataFiles

/// A model's raw outputs.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Writes a model's raw outputs, whatever it computes.",
    discussion: """
      Example: cnntool run Models/fashion-mnist.h5 --input batch.npy -o outputs.npz

      The keys are the output layers' names; a batch goes in and out as it is.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var compute: ComputeOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "An .npz file; an .npy file, where the model has one output; '-' for standard output.",
      valueName: "file"),
    completion: .file(extensions: ["npz", "npy"]))
  var output: String

  func run() throws {
    let (network, tensors) = try inputs.load(for: try options.network())
    let results = try BatchRunner(network: network, compute: compute).run(tensors).outputs
    if output.hasSuffix(".npy") {
      guard results.count == 1 else {
        throw ToolFailure(
          "\(output): the model has \(results.count) outputs; write them to an .npz file")
      }
      try OutputFile.write(NPY.bytes(of: results[0]), to: output)
    } else {
      let named = zip(network.outputNames, results).map { NamedTensor(name: $0, tensor: $1) }
      try OutputFile.write(try NPZ.bytes(of: named, named: output), to: output)
    }
  }
}
