import ArgumentParser
import CNN

/// The model that a command works on.
struct ModelOptions: ParsableArguments {
  @Argument(help: "A Keras .h5 file.", completion: .file(extensions: ["h5", "hdf5"]))
  var model: String

  func network() throws -> Network { try Network(contentsOf: model) }
}
