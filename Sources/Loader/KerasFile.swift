import Network

#if canImport(Glibc)
  import Glibc
#endif

extension Network {
  /// Loads a whole-model `.h5` file of Keras: architecture and weights.
  ///
  /// Sequential and Functional models, nested ones too, as Keras 2 and 3 save them.
  ///
  /// - Throws: `LoadError` or `NetworkError`, which say what was found and what to do.
  public init(contentsOf path: String) throws {
    try KerasFile.checkSignature(path)
    let root = try HDF5File(path: path).root
    guard let text = try root.string("model_config") else {
      throw KerasFile.notAModel(path, root, try root.splitStrings("layer_names") != nil)
    }
    let version = try KerasFile.majorVersion(root)
    guard version >= 2 else {
      throw LoadError(
        file: path,
        "it was saved by Keras 1, which is not supported; load it in Keras 2.0 to 2.3 and save it again"
      )
    }
    let configuration: LayerConfiguration.Value
    do {
      configuration = try JSON.value(text)
    } catch {
      throw LoadError(
        file: path, "its attribute 'model_config' is not JSON; the file may be damaged")
    }
    let reader = ModelReader(file: path, kerasMajorVersion: version)
    do {
      self = try reader.network(try reader.object(configuration))
      try WeightReader(try root.group("model_weights")).read(into: &self)
    } catch let error as NetworkError {
      throw LoadError(file: path, error.description)
    }
  }
}

enum KerasFile {
  /// Tells an HDF5 file by its first bytes, and says what it is instead.
  static func checkSignature(_ path: String) throws(LoadError) {
    let head = try head(path)
    if head.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]) { return }
    let isZip = head.starts(with: [0x50, 0x4b, 3, 4])
    throw LoadError(
      file: path,
      isZip
        ? "a zip archive, such as a .keras file, not HDF5; save the model as .h5: "
          + "model.save('model.h5')"
        : "not an HDF5 file, so not a Keras .h5 model; "
          + (head.isEmpty ? "it is empty" : "it begins with '\(printable(head))'"))
  }

  private static func head(_ path: String) throws(LoadError) -> [UInt8] {
    guard let file = fopen(path, "rb") else {
      let advice = errno == ENOENT ? "check the path" : "check its permissions"
      throw LoadError(file: path, "\(String(cString: strerror(errno))); \(advice)")
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 8)
    errno = 0
    let count = fread(&bytes, 1, bytes.count, file)
    if count == 0 && errno != 0 {
      throw LoadError(
        file: path, "\(String(cString: strerror(errno))); expected a Keras .h5 file")
    }
    return Array(bytes.prefix(count))
  }

  private static func printable(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { (0x20..<0x7f).contains($0) ? $0 : 0x2e }, as: UTF8.self)
  }

  /// The version that wrote the file; without the attribute, the first.
  static func majorVersion(_ root: HDF5Group) throws -> Int {
    var text = try root.string("keras_version")
    if text == nil, root.contains("model_weights") {
      text = try root.group("model_weights").string("keras_version")
    }
    return text.flatMap { $0.split(separator: ".").first }.flatMap { Int($0) } ?? 1
  }

  static func notAModel(_ path: String, _ root: HDF5Group, _ hasLegacyWeights: Bool) -> LoadError {
    if hasLegacyWeights || root.contains("layers") {
      return LoadError(
        file: path,
        "it holds weights without an architecture; save the whole model: model.save('model.h5')")
    }
    return LoadError(
      file: path,
      "an HDF5 file, but with no Keras model in it: it has no attribute 'model_config'")
  }
}
