import Foundation

/// A folder with data to train with and where models are written.
struct TrainingFolder {
  let folder: TemporaryFolder
  /// 20 pictures of 28×28 in ten classes, as MNIST's files: the same to train with and to test.
  var data: String { path("data") }

  init() throws {
    folder = try TemporaryFolder()
    for part in ["train", "t10k"] {
      for (kind, suffix) in [("images", "idx3-ubyte"), ("labels", "idx1-ubyte")] {
        try copy("fashion-mnist-20.\(suffix)", to: "data/\(part)-\(kind)-\(suffix)")
      }
    }
  }

  func path(_ name: String) -> String { folder.url.appending(path: name).path() }

  /// The bytes of a file; nil where there is none.
  func bytes(_ name: String) -> Data? { try? Data(contentsOf: folder.url.appending(path: name)) }

  func write(_ data: Data, to name: String) throws {
    let target = folder.url.appending(path: name)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: target)
  }

  /// Copies a file of `Tests/Fixtures/data`.
  func copy(_ fixture: String, to name: String) throws {
    try write(
      try Data(contentsOf: URL(filePath: "\(Tool.fixtures)/data/\(fixture)")), to: name)
  }

  /// The architecture of a small network of pictures 8×8 in colour, as the text of `model.to_json()`.
  ///
  /// - Parameter classes: The number of its outputs.
  func smallArchitecture(classes: Int) throws -> String {
    let text = """
      {"class_name": "Sequential", "keras_version": "3.0.0", "backend": "tensorflow", "config":
      {"name": "small", "layers": [
      {"class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 3], "name": "input"}},
      {"class_name": "Conv2D", "config": {"name": "conv", "filters": 2, "kernel_size": [3, 3],
        "strides": [1, 1], "padding": "valid", "activation": "relu", "use_bias": true}},
      {"class_name": "Flatten", "config": {"name": "flatten"}},
      {"class_name": "Dense", "config": {"name": "dense", "units": \(classes),
        "activation": "softmax", "use_bias": true}}]}}
      """
    try write(Data(text.utf8), to: "small.json")
    return path("small.json")
  }

  /// The arguments for training on the pictures of 28×28, to which others are added.
  func train(_ output: String, epochs: Int = 1, _ more: [String] = []) -> [String] {
    [
      "train", "--data", data, "--model", "conv10", "--scale", "1/255", "--batch-size", "8",
      "--epochs", "\(epochs)", "--seed", "1", "-o", path(output),
    ] + more
  }
}
