/// A container that whole models are written into.
public enum ModelFormat: String, Sendable {
  /// HDF5 as every version of Keras reads it.
  case hdf5
  /// The zip archive of Keras 3.
  case keras

  /// The format that the ending of a file's name stands for: `.h5`, `.hdf5` or `.keras`.
  ///
  /// - Throws: `SaveError`, where it is another.
  public init(path: String) throws(SaveError) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    switch name.split(separator: ".").last?.lowercased() {
    case _ where name.lowercased().hasSuffix(".weights.h5"):
      throw SaveError(
        file: path,
        "a name in .weights.h5 is of weights alone, and a whole model is written; "
          + "choose a name in .h5 or .keras")
    case "h5"?, "hdf5"?: self = .hdf5
    case "keras"?: self = .keras
    default:
      throw SaveError(
        file: path,
        "its name does not say what to write; let it end in .h5, .hdf5 or .keras")
    }
  }
}
