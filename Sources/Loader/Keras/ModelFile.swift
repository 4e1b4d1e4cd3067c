import Network

/// What a file has of a model: its architecture, its weights, or both.
struct ModelFile {
  let path: String
  /// The configuration as it is written; nil where the file has none.
  private var text: (text: String, syntax: Syntax, place: String)?
  /// The version of Keras that the file names beside its configuration.
  private var version: Int?
  /// What an `.h5` says of the model's training.
  private(set) var training: String?
  /// The group that holds the weights; nil where the file has none.
  private(set) var weights: HDF5Group?

  private enum Syntax {
    case json
    case yaml
  }

  /// - Throws: `LoadError`, where the file is not one of Keras's.
  init(path: String) throws(LoadError) {
    self.path = path
    switch try FileKind(path: path) {
    case .hdf5(let byteCount):
      try readHDF5(HDF5File(path: path, byteCount: byteCount).root)
    case .zip: try readArchive(Archive(path: path))
    case .json: text = (try TextFile.text(path), .json, "the file")
    case .yaml: text = (try TextFile.text(path), .yaml, "the file")
    case .other(let what): throw LoadError(file: path, what)
    }
  }

  private mutating func readHDF5(_ root: HDF5Group) throws(LoadError) {
    if let config = try root.string("model_config") {
      text = (config, .json, "its attribute 'model_config'")
    }
    training = try root.string("training_config")
    version = try Self.majorVersion(root)
    if root.contains("model_weights") {
      let group = try root.group("model_weights")
      weights = group
      if version == nil { version = try Self.majorVersion(group) }
    } else if try WeightLayout(root) != nil {
      weights = root
    }
    if text == nil, weights == nil {
      throw LoadError(
        file: path,
        "an HDF5 file, but with no Keras model in it: it has no attribute 'model_config'")
    }
  }

  private mutating func readArchive(_ archive: Archive) throws(LoadError) {
    let names = archive.names
    guard names.contains("config.json") else {
      throw LoadError(file: path, Self.foreignArchive(names))
    }
    text = (
      String(
        decoding: try archive.bytes("config.json", atMost: UInt64(TextFile.largest)),
        as: UTF8.self),
      .json, "its member 'config.json'"
    )
    version = 3
    if names.contains("metadata.json"),
      let metadata = try? JSON.value(
        String(decoding: try archive.bytes("metadata.json", atMost: 1 << 20), as: UTF8.self)),
      case .object(let values) = metadata, let major = Self.majorVersion(values["keras_version"])
    {
      version = major
    }
    if names.contains("model.weights.h5") {
      let bytes = try archive.bytes("model.weights.h5")
      weights = try HDF5File(bytes: bytes, named: path).root
    } else if let other = names.first(where: {
      $0.hasPrefix("model.weights") || $0.contains("shard")
    }
    ) {
      throw LoadError(
        file: path,
        "its weights are in '\(other)', which is not read: NumPy keeps them there as Python's "
          + "objects (pickle); save the model again where h5py is installed: "
          + "model.save('model.keras')")
    }
  }

  private static func foreignArchive(_ names: [String]) -> String {
    let save = "save the model with Keras as .keras or .h5"
    if names.contains(where: { $0.hasSuffix("data.pkl") }) {
      return "a PyTorch model, not a Keras one; \(save)"
    }
    if !names.isEmpty, names.allSatisfy({ $0.hasSuffix(".npy") }) {
      return "NumPy arrays (.npz), not a Keras model; \(save)"
    }
    if names.contains(where: { $0.hasSuffix("saved_model.pb") }) {
      return
        "a zipped TensorFlow SavedModel; load it in Keras 2 and save it: model.save('model.h5')"
    }
    return "a zip archive without 'config.json', so not a .keras file; \(save)"
  }

  /// The architecture, in today's names.
  ///
  /// - Returns: nil where the file has none.
  /// - Throws: `LoadError`, where it cannot be read.
  func architecture() throws(LoadError) -> Architecture? {
    guard let text else { return nil }
    let value: LayerConfiguration.Value
    do throws(ParseError) {
      value = try text.syntax == .json ? JSON.value(text.text) : YAML.value(text.text)
    } catch {
      throw LoadError(
        file: path,
        "\(text.place) is not \(text.syntax == .json ? "JSON" : "YAML") (\(error.message)); "
          + "the file may be damaged")
    }
    guard case .object(var model) = value else {
      throw LoadError(file: path, "\(text.place) is \(value); expected a model's configuration")
    }
    // `to_json` has the version within.
    let major =
      version ?? Self.majorVersion(model["keras_version"]) ?? (model["module"] == nil ? 1 : 3)
    do throws(NetworkError) {
      if major < 2 { model = try Keras1Configuration.translated(model) }
    } catch {
      throw LoadError(file: path, error.description)
    }
    return Architecture(file: path, model: model, kerasMajorVersion: major)
  }

  /// The version that wrote the weights; without the attribute, the first, as Keras itself takes it.
  func weightConversion() throws(LoadError) -> WeightConversion {
    guard let weights else { return WeightConversion(isKeras1: false, backend: nil) }
    let own = try Self.majorVersion(weights)
    var backend = try weights.string("backend")
    if backend == nil, !weights.path.isEmpty {
      backend = try weights.file.root.string("backend")
    }
    return WeightConversion(isKeras1: (own ?? version ?? 1) < 2, backend: backend)
  }

  private static func majorVersion(_ group: HDF5Group) throws(LoadError) -> Int? {
    majorVersion(try group.string("keras_version").map { .string($0) })
  }

  private static func majorVersion(_ value: LayerConfiguration.Value?) -> Int? {
    guard case .string(let text)? = value else { return nil }
    return text.split(separator: ".").first.flatMap { Int($0) }
  }
}

/// A model's configuration in today's names.
struct Architecture {
  /// The file that it is from.
  var file: String
  /// `{"class_name": …, "config": …}`.
  var model: [String: LayerConfiguration.Value]
  var kerasMajorVersion: Int
}

/// How a group holds the weights of a model.
enum WeightLayout {
  /// A group for each layer by its name, listed in `layer_names`: all versions' `.h5`.
  case legacy
  /// Groups named after classes below the group of that name: Keras 3's `.weights.h5` and `.keras`, and those
  /// of TensorFlow 2.12.
  case containers(String)

  init?(_ group: HDF5Group) throws(LoadError) {
    if try group.splitStrings("layer_names") != nil {
      self = .legacy
    } else if let name = ["layers", "_layer_checkpoint_dependencies"].first(where: group.contains) {
      self = .containers(name)
    } else if group.contains("vars") {
      // A model of a class of its own, whose weights can be listed.
      self = .containers("layers")
    } else {
      return nil
    }
  }
}
