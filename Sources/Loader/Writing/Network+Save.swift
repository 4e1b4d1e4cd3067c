import Network
import Training

extension Network {
  /// Writes the network, architecture and weights, as a whole model that Keras loads.
  ///
  /// The file is written beside the one of that name, which it then replaces.
  ///
  /// - Parameters:
  ///   - path: The file; one that is there is replaced.
  ///   - format: Nil for what the name's ending stands for: `.h5`, `.hdf5` or `.keras`.
  ///   - kerasMajorVersion: 2 or 3, the Keras that is to load the file; `.keras` files are of Keras 3.
  ///   - training: What is to be known for training to go on; nil for a model that is not trained.
  /// - Throws: `SaveError`, where the file cannot be written, a layer has no weights, or that version of
  ///   Keras has no layer that computes what one of the network does.
  public func save(
    to path: String, format: ModelFormat? = nil, kerasMajorVersion: Int = 3,
    training: TrainingState? = nil
  ) throws {
    precondition([2, 3].contains(kerasMajorVersion), "files are of Keras 2 or Keras 3")
    let format = try format ?? ModelFormat(path: path)
    guard format == .hdf5 || kerasMajorVersion >= 3 else {
      throw SaveError(
        file: path, "a .keras file is written for Keras 3; for Keras 2 choose a name in .h5")
    }
    do {
      // What may be wrong with the network is found before anything is written.
      let configuration = ModelConfiguration(kerasMajorVersion: kerasMajorVersion)
      var model = try configuration.model(self)
      let layers = try SavedLayer.layers(of: self, kerasMajorVersion: kerasMajorVersion)
      let saved = try training.map {
        try SavedTraining(
          $0, of: layers, in: name, kerasMajorVersion: kerasMajorVersion, format: format)
      }
      switch format {
      case .hdf5:
        let writer = LegacyFileWriter(file: path, kerasMajorVersion: kerasMajorVersion)
        try writer.write(model: JSON.text(model), layers, training: saved)
      case .keras:
        if let training, case .object(var object) = model {
          object["compile_config"] = training.kerasConfiguration(
            majorVersion: 3, isLegacyFile: false)
          model = .object(object)
        }
        let writer = KerasArchiveWriter(file: path)
        try writer.write(model: JSON.text(model), name: name, layers, training: saved)
      }
    } catch let error as NetworkError {
      throw SaveError(file: path, error.description)
    }
  }
}
