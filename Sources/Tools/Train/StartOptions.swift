import ArgumentParser
import CNN
import DataFiles
import Training

/// The network that training begins with.
struct StartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A Keras model to go on training, the text of model.to_json(), or one of "
        + NamedArchitecture.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "file or name"),
    completion: .file(extensions: ["h5", "hdf5", "keras", "json"]))
  var model: String

  @Flag(help: "Keep the model's architecture, but begin with new weights.")
  var fresh = false

  @Option(
    help: ArgumentHelp(
      "A layer whose weights stay as they are; may be repeated.", valueName: "layer"))
  var freeze: [String] = []

  /// The network with weights, new ones drawn from the seed where it has none.
  ///
  /// - Parameter file: Where to go on; nil to begin.
  func network(resuming file: String?, seed: UInt64) throws -> Network {
    var network = try file.map { try Network(contentsOf: $0) } ?? initial()
    for layer in freeze { try network.setTrainable(false, layer: layer) }
    try network.initializeWeights(seed: seed)
    return network
  }

  /// The model with its weights, or without any where new ones are asked for.
  private func initial() throws -> Network {
    if let named = NamedArchitecture(rawValue: model), (try? FileBytes.read(model)) == nil {
      return try named.network()
    }
    if fresh { return try architecture() }
    do {
      return try Network(contentsOf: model)
    } catch let error as LoadError {
      // An architecture alone begins with new weights.
      guard (try? ModelFormat(path: model)) == nil, let network = try? architecture() else {
        throw error
      }
      return network
    }
  }

  private func architecture() throws -> Network { try Network(architectureOf: model) }
}
