import Files
import Network

/// Writes whole models into the zip archive of Keras 3, `.keras`.
struct KerasArchiveWriter {
  let file: String

  func write(
    model: String, name: String, _ layers: [SavedLayer], training: SavedTraining? = nil
  ) throws(SaveError) {
    let replacement = try ReplacementFile.saving(file)
    // libhdf5 and libzip each write a file of their own.
    let weights = try ReplacementFile.saving(file)
    try writeWeights(layers, name: name, training, to: weights.path)
    try writeArchive(replacement.path, model: model, weights: weights.path)
    try replacement.commit(as: file)
  }

  /// The file is closed behind this, and so can be read.
  private func writeWeights(
    _ layers: [SavedLayer], name: String, _ training: SavedTraining?, to path: String
  ) throws(SaveError) {
    let output = try HDF5Output(path: path, named: file)
    try ContainerWeightWriter().write(layers, name: name, to: try output.root)
    if let training {
      let group = try output.root.group("optimizer/vars")
      try group.setAttribute("name", training.optimizerName)
      for (number, variable) in training.variables.enumerated() {
        try variable.write(to: group, as: "\(number)")
      }
      try training.writePosition(to: output.root)
    }
    try output.finish()
  }

  private func writeArchive(
    _ path: String, model: String, weights: String
  ) throws(SaveError) {
    let metadata = JSON.text(.object(["keras_version": .string(LegacyFileWriter.version(3))]))
    do throws(ZipError) {
      try ZipWriter.write(to: path) { archive throws(ZipError) in
        try archive.add("metadata.json", bytes: Array(metadata.utf8))
        try archive.add("config.json", bytes: Array(model.utf8))
        try archive.add("model.weights.h5", file: weights)
      }
    } catch {
      guard case .unwritable(let reason) = error else {
        throw SaveError(file: file, "libzip cannot make the archive; choose another place")
      }
      throw SaveError(file: file, "cannot be written (\(reason)); is there space left?")
    }
  }
}
