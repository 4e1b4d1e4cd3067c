#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a file is, by its content; its name says nothing.
enum FileKind: Equatable {
  case hdf5(byteCount: Int)
  case zip
  /// A text that begins as JSON does, or as YAML.
  case json
  case yaml
  /// Something else: what, and what to do.
  case other(String)

  /// - Throws: `LoadError`, where the file cannot be read.
  init(path: String) throws(LoadError) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.unreadable(path) }
    if status.st_mode & S_IFMT == S_IFDIR {
      self = .other(Self.folder(path))
      return
    }
    let (head, tail) = try Self.ends(path)
    self = Self.kind(head, tail, byteCount: Int(status.st_size))
  }

  private static func kind(_ head: [UInt8], _ tail: [UInt8], byteCount: Int) -> FileKind {
    if head.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]) {
      return .hdf5(byteCount: byteCount)
    }
    if head.starts(with: [0x50, 0x4b, 3, 4]) { return .zip }
    if head.isEmpty { return .other("not an HDF5 file, so not a Keras .h5 model; it is empty") }
    if let known = foreign(head, tail) { return .other(known) }
    let text = head.drop { $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
    if text.first == UInt8(ascii: "{") { return .json }
    // `to_yaml` sorts its keys.
    for key in ["backend:", "class_name:", "config:", "!!python", "---", "keras_version:"]
    where text.starts(with: key.utf8) {
      return .yaml
    }
    return .other(
      "not an HDF5 file, so not a Keras .h5 model; it begins with '\(printable(head.prefix(8)))'")
  }

  /// Files of other programs.
  private static func foreign(_ head: [UInt8], _ tail: [UInt8]) -> String? {
    func begins(_ text: String) -> Bool { head.starts(with: text.utf8) }
    let save = "save the model with Keras as .keras or .h5"
    if head.dropFirst(4).starts(with: "TFL3".utf8) {
      return "a TensorFlow Lite model, not a Keras one; \(save)"
    }
    if tail == [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb] || begins("model_checkpoint_path") {
      return "part of a TensorFlow checkpoint, not a Keras model; load it in TensorFlow and \(save)"
    }
    if head.starts(with: [8, 1, 0x12]) {
      return "a TensorFlow SavedModel, not a Keras file; load it in TensorFlow and \(save)"
    }
    if head.count > 2, head[0] == 8, (2...20).contains(head[1]), head[2] & 7 == 2 {
      return "an ONNX model, not a Keras one; \(save)"
    }
    if head.count > 1, head[0] == 0x80, (2...5).contains(head[1]) {
      return "a Python pickle, as PyTorch and scikit-learn write them, not a Keras model; \(save)"
    }
    if begins("version https://git-lfs") {
      return "a pointer that Git LFS left in place of the file; run 'git lfs pull'"
    }
    if begins("<!DOCTYPE") || begins("<!doctype") || begins("<html") {
      return "a web page, not a model; download the file itself"
    }
    if head.starts(with: [0x1f, 0x8b]) { return "compressed with gzip; decompress it first" }
    if begins("CNNMODEL") {
      return
        "a compiled model, which has no layers any more: 'cnntool run' and 'cnntool selftest' take "
        + "it; for the rest, name the model that it was compiled from"
    }
    if begins("GGUF") { return "a GGUF model, not a Keras one; \(save)" }
    if head.starts(with: [0x93] + "NUMPY".utf8) { return "a NumPy array, not a Keras model" }
    return nil
  }

  private static func folder(_ path: String) -> String {
    for name in ["saved_model.pb", "saved_model.pbtxt", "keras_metadata.pb"]
    where access("\(path)/\(name)", F_OK) == 0 {
      return "a TensorFlow SavedModel folder, not a Keras file; load it in Keras 2 with "
        + "tf.keras.models.load_model and save it: model.save('model.h5')"
    }
    if access("\(path)/config.json", F_OK) == 0, access("\(path)/model.weights.h5", F_OK) == 0 {
      return "a folder with the contents of a .keras file; zip them, or name its "
        + "model.weights.h5 with --architecture \(path)/config.json"
    }
    if access("\(path)/checkpoint", F_OK) == 0 {
      return "a folder with a TensorFlow checkpoint; load it in TensorFlow and save the model "
        + "with Keras as .keras or .h5"
    }
    return "a folder; expected a Keras .h5 or .keras file"
  }

  /// The first 64 bytes and the last 8.
  private static func ends(_ path: String) throws(LoadError) -> (head: [UInt8], tail: [UInt8]) {
    guard let file = fopen(path, "rb") else { throw unreadable(path) }
    defer { fclose(file) }
    var head = [UInt8](repeating: 0, count: 64)
    errno = 0
    let count = fread(&head, 1, head.count, file)
    if count == 0 && errno != 0 { throw unreadable(path) }
    var tail = [UInt8](repeating: 0, count: 8)
    if fseek(file, -8, SEEK_END) != 0 || fread(&tail, 1, 8, file) != 8 { tail = [] }
    return (Array(head.prefix(count)), tail)
  }

  private static func unreadable(_ path: String) -> LoadError {
    let advice = errno == ENOENT ? "check the path" : "check its permissions"
    return LoadError(file: path, "\(String(cString: strerror(errno))); \(advice)")
  }

  private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.map { (0x20..<0x7f).contains($0) ? $0 : 0x2e }, as: UTF8.self)
  }
}
