import ArgumentParser
import CNN

/// What a model is run on.
struct InputOptions: ParsableArguments {
  @OptionGroup var files: InputFiles

  func validate() throws {
    guard !files.input.isEmpty else { throw ValidationError("no input is given: --input FILE") }
  }

  /// The inputs for a network, in its order, with the batch as first axis, scaled; and the network for
  /// their sizes.
  func load(for network: Network) throws -> (network: Network, inputs: [Tensor]) {
    try files.load(for: network)
  }

  /// The inputs for a model of these inputs, in its order, with the batch as first axis, scaled.
  func load(names: [String], shapes: [Shape]) throws -> [Tensor] {
    try files.load(names: names, shapes: shapes)
  }
}
