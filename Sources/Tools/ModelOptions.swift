import ArgumentParser
import CNN
import Training

/// The model that a command works on.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: "A Keras .h5, .keras or .weights.h5 file; what it is, its content says.",
    completion: .file(extensions: ["h5", "hdf5", "keras"]))
  var model: String

  @OptionGroup var architectureOptions: ArchitectureOptions

  func network() throws -> Network { try architectureOptions.network(model) }

  /// How the model was trained, where its own file says so, and all of that is known.
  var trainingState: TrainingState? {
    guard architectureOptions.architecture == nil else { return nil }
    return try? Network.trainingState(
      contentsOf: model, custom: architectureOptions.customLayers)
  }

  /// Refuses to write over the model or its architecture.
  ///
  /// - Throws: `ToolFailure`, where a file of that name is one of them.
  func refuse(asOutput output: String) throws {
    for input in [model, architectureOptions.architecture].compactMap({ $0 })
    where OutputFile.isSame(input, output) {
      throw ToolFailure("\(output): this is the model itself; choose another name", isUsage: true)
    }
  }

  func outline() throws -> ModelOutline {
    try ModelOutline(
      contentsOf: model, architecture: architectureOptions.architecture,
      custom: architectureOptions.customLayers)
  }
}

/// What a model's own file does not say of it.
struct ArchitectureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where the architecture is, for a file of weights alone: the text of model.to_json() or "
        + "to_yaml(), or another model.", valueName: "file"),
    completion: .file())
  var architecture: String?

  @Option(
    help: ArgumentHelp(
      "What a class, layer or activation that Keras does not have computes: identity, or the name of "
        + "an activation; may be repeated.", valueName: "name=activation"))
  var custom: [String] = []

  func validate() throws {
    for text in custom where text.split(separator: "=", maxSplits: 1).count != 2 {
      throw ValidationError("--custom is '\(text)'; expected name=activation, such as Swish=silu")
    }
  }

  /// What was said of custom classes, by their names.
  var customLayers: [String: String] {
    var result: [String: String] = [:]
    for text in custom {
      let parts = text.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
    }
    return result
  }

  func network(_ path: String) throws -> Network {
    try Network(contentsOf: path, architecture: architecture, custom: customLayers)
  }
}
