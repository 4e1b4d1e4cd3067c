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

      The keys are the output layers' names; a batch goes in and out as it is. The model may be a compiled \
      one, too: see 'cnntool compile'.
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
    let (names, results) = try outputs()
    if output.hasSuffix(".npy") {
      guard results.count == 1 else {
        throw ToolFailure(
          "\(output): the model has \(results.count) outputs; write them to an .npz file")
      }
      try OutputFile.write(NPY.bytes(of: results[0]), to: output)
    } else {
      let named = zip(names, results).map { NamedTensor(name: $0, tensor: $1) }
      try OutputFile.write(try NPZ.bytes(of: named, named: output), to: output)
    }
  }

  private func outputs() throws -> (names: [String], values: [Tensor]) {
    guard CompiledModel.isCompiled(options.model) else {
      let (network, tensors) = try inputs.load(for: try options.network())
      let runner = BatchRunner(network: network, compute: compute)
      return (network.outputNames, try runner.run(tensors).outputs)
    }
    guard compute.algorithm == nil, !compute.exact else {
      throw ToolFailure(
        "\(options.model): how convolutions are computed was decided when the model was compiled; "
          + "leave --algorithm and --exact out", isUsage: true)
    }
    let program = try CompiledModel(contentsOf: options.model).program
    let tensors = try inputs.load(names: program.inputNames, shapes: program.inputShapes)
    return (
      program.outputNames, try BatchRunner(program: program, compute: compute).run(tensors).outputs
    )
  }
}
