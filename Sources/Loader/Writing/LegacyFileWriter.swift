import Files
import Network

/// Writes whole models into `.h5` as all versions of Keras do: the configuration in an attribute, and the
/// weights in a group for each layer.
struct LegacyFileWriter {
  let file: String
  let kerasMajorVersion: Int

  func write(
    model: String, _ layers: [SavedLayer], training: SavedTraining? = nil
  ) throws(SaveError) {
    let replacement = try ReplacementFile.saving(file)
    try write(model: model, layers, training, to: replacement.path)
    try replacement.commit(as: file)
  }

  /// The file is closed behind this.
  private func write(
    model: String, _ layers: [SavedLayer], _ training: SavedTraining?, to path: String
  ) throws(SaveError) {
    let output = try HDF5Output(path: path, named: file)
    let root = try output.root
    try root.setAttribute("backend", "tensorflow")
    try root.setAttribute("keras_version", Self.version(kerasMajorVersion))
    try root.setAttribute("model_config", model)
    try write(layers, to: try root.group("model_weights"))
    if let training { try write(training, to: root) }
    try output.finish()
  }

  /// The version that a file names: the first of Keras 3, and the last of Keras 2 that was called Keras.
  static func version(_ major: Int) -> String { major >= 3 ? "3.0.0" : "2.15.0" }

  private func write(_ training: SavedTraining, to root: HDF5OutputGroup) throws(SaveError) {
    try root.setAttribute("training_config", training.configuration)
    let group = try root.group(Self.optimizerGroup(kerasMajorVersion))
    try group.setAttribute("weight_names", training.variables.map(\.name))
    for variable in training.variables { try variable.write(to: group, as: variable.name) }
    try training.writePosition(to: root)
  }

  /// Where an optimizer's variables are.
  ///
  /// Keras 3 cannot train with a model whose `.h5` has them where Keras looks for them, its own included:
  /// it makes the optimizer's variables of the weights that the model has beside those of its layers, which
  /// are none, and then knows none of the layers'. Elsewhere it does not see them, and begins anew.
  static func optimizerGroup(_ kerasMajorVersion: Int) -> String {
    kerasMajorVersion >= 3 ? "optimizer_state" : "optimizer_weights"
  }

  private func write(_ layers: [SavedLayer], to group: HDF5OutputGroup) throws(SaveError) {
    try group.setAttribute("backend", "tensorflow")
    try group.setAttribute("keras_version", Self.version(kerasMajorVersion))
    try group.setAttribute("layer_names", layers.map(\.name))
    for layer in layers {
      let own = try group.group(layer.name)
      // Keras goes by this order alone.
      let weights =
        layer.allWeights.filter(\.isTrainable) + layer.allWeights.filter { !$0.isTrainable }
      let names = self.names(of: weights, in: layer)
      try own.setAttribute("weight_names", names)
      for (name, weight) in zip(names, weights) { try own.setDataset(name, weight.tensor) }
    }
    try group.group("top_level_model_weights").setAttribute("weight_names", [])
  }

  /// A name for each weight, `conv/kernel`, and in Keras 2 as TensorFlow names its variables,
  /// `conv/kernel:0`.
  private func names(of weights: [SavedLayer.Weight], in layer: SavedLayer) -> [String] {
    let ending = kerasMajorVersion >= 3 ? "" : ":0"
    var taken: Set<String> = []
    return weights.map { weight in
      let path = (weight.path.isEmpty ? [layer.name] : weight.path) + [weight.name]
      var name = path.joined(separator: "/")
      // A wrapper of two layers has each weight twice.
      while !taken.insert(name).inserted { name += "_1" }
      return name + ending
    }
  }
}
