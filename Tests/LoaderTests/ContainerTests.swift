import DataFiles
import Foundation
import Loader
import Network
import Testing

/// One model gives the same from every kind of file that Keras writes it to.
@Suite struct ContainerTests {
  @Test(arguments: ["keras3.keras", "keras3-deflated.keras"])
  func archives(_ file: String) throws {
    try ContainerFixture.check(Network(contentsOf: ContainerFixture.path(file)), "keras3")
  }

  /// Keras 2 wrote the same archive with its own configuration and names in it.
  @Test func archivesOfKeras2() throws {
    try ContainerFixture.check(
      Network(contentsOf: ContainerFixture.path("keras2.keras")), "keras2")
  }

  @Test(arguments: [
    ("keras3.weights.h5", "keras3.json", "keras3"),
    ("keras3.weights.h5", "keras3.keras", "keras3"),
    ("keras3.keras", "keras2.json", "keras2"),
    ("keras2.weights.h5", "keras2.json", "keras2"),
    ("keras2-weights.h5", "keras2.json", "keras2"),
    // Layers that are called otherwise than in the file with the weights.
    ("keras2-weights.h5", "keras2-renamed.yaml", "keras2"),
    ("keras2.weights.h5", "keras2-renamed.yaml", "keras2"),
  ])
  func weightsApartFromTheirArchitecture(
    _ weights: String, _ architecture: String, _ expected: String
  ) throws {
    let network = try Network(
      contentsOf: ContainerFixture.path(weights),
      architecture: ContainerFixture.path(architecture))
    try ContainerFixture.check(network, expected)
  }

  /// Wrappers, recurrent layers and attention keep their weights in groups of their own.
  @Test(
    arguments: [
      ("sequences2.keras", nil), ("sequences3.keras", nil),
      ("sequences2.weights.h5", "sequences2.json"), ("sequences3.weights.h5", "sequences3.json"),
      ("sequences2-weights.h5", "sequences2.json"),
    ] as [(String, String?)])
  func layersWithinLayers(_ file: String, _ architecture: String?) throws {
    let network = try Network(
      contentsOf: ContainerFixture.path(file),
      architecture: architecture.map(ContainerFixture.path))
    try ContainerFixture.check(network, String(file.prefix(10)))
  }

  /// float16, big-endian float64, compressed big-endian float32, bfloat16; fixed texts in two parts.
  @Test func typesOfNumbers() throws {
    try ContainerFixture.check(
      Network(contentsOf: ContainerFixture.path("number-types.h5")), "number-types")
  }

  @Test func weightsWithoutTheirArchitecture() {
    for file in ["keras2-weights.h5", "keras2.weights.h5", "keras3.weights.h5"] {
      ContainerFixture.expectFailure([file, "without an architecture", "--architecture"]) {
        _ = try Network(contentsOf: ContainerFixture.path(file))
      }
    }
    ContainerFixture.expectFailure(["architecture without weights", "--architecture"]) {
      _ = try Network(contentsOf: ContainerFixture.path("keras3.json"))
    }
    ContainerFixture.expectFailure(["keras2-weights.h5", "no architecture", "to_json"]) {
      _ = try Network(
        contentsOf: ContainerFixture.path("keras2.weights.h5"),
        architecture: ContainerFixture.path("keras2-weights.h5"))
    }
    ContainerFixture.expectFailure(["layer 'separable'", "has no weights in the file"]) {
      _ = try Network(
        contentsOf: ContainerFixture.path("subclass.keras"),
        architecture: ContainerFixture.path("keras3.json"))
    }
    ContainerFixture.expectFailure(["3 layers", "6 layers"]) {
      _ = try Network(
        contentsOf: ContainerFixture.path("number-types.h5"),
        architecture: ContainerFixture.path("keras3.json"))
    }
  }

  @Test func storedWeights() throws {
    let names = { (file: String) in
      try StoredWeights(contentsOf: ContainerFixture.path(file)).entries.map(\.name)
    }
    #expect(
      try names("number-types.h5") == [
        "first/kernel", "first/bias", "second/kernel", "second/bias", "classes/kernel",
        "classes/bias",
      ])
    #expect(
      try names("keras2-weights.h5").contains("inner/within_norm/moving_mean"))
    #expect(
      try names("keras3.weights.h5").filter { $0.hasPrefix("inner") } == [
        "inner/within_norm/0", "inner/within_norm/1", "inner/within_norm/2",
        "inner/within_norm/3", "inner/within/0", "inner/within/1",
      ])
    // Keras 2 did not tell the names.
    #expect(try names("keras2.weights.h5").contains("sequential/conv2d/0"))
    #expect(try names("subclass.keras") == ["first/0", "first/1", "second/0", "second/1"])
    let weights = try StoredWeights(contentsOf: ContainerFixture.path("number-types.h5"))
    for (index, entry) in weights.entries.enumerated() {
      #expect(try weights.tensor(at: index).shape == entry.shape)
    }
  }

  @Test func customLayersAndActivations() throws {
    let path = ContainerFixture.path("custom.keras")
    for custom in [
      ["Twice": "identity", "clipped": "relu"],
      ["twice": "linear", "fixture>clipped": "relu"],
    ] {
      try ContainerFixture.check(Network(contentsOf: path, custom: custom), "custom")
    }
    ContainerFixture.expectFailure(["layer 'conv' (Conv2D)", "fixture>clipped", "--custom"]) {
      _ = try Network(contentsOf: path)
    }
    ContainerFixture.expectFailure(["layer 'inner/twice' (Twice)", "--custom Twice="]) {
      _ = try Network(contentsOf: path, custom: ["clipped": "relu"])
    }
    ContainerFixture.expectFailure(["--custom Twice=nothing", "no activation 'nothing'"]) {
      _ = try Network(contentsOf: path, custom: ["Twice": "nothing"])
    }
  }

  @Test func outlinesOfWhatCannotBeComputed() throws {
    let outline = try ModelOutline(
      contentsOf: ContainerFixture.path("custom.keras"), custom: ["clipped": "relu"])
    #expect(outline.layers.map(\.name) == ["conv", "inner", "flat", "dense"])
    #expect(outline.layers.map(\.className) == ["Conv2D", "Sequential", "Flatten", "Dense"])
    #expect(outline.layers[0].outputShapes == [[6, 6, 2]])
    #expect(outline.layers[0].parameters?.trainable == 20)
    #expect(outline.layers[0].problem == nil)
    #expect(outline.layers[1].outputShapes == nil)
    #expect(outline.layers[1].problem?.contains("Twice") == true)
    // What cannot be followed is counted in the file.
    #expect(outline.layers[3].outputShapes == nil)
    #expect(outline.layers[3].parameters?.trainable == 146)
    #expect(outline.layers[3].inputs.map(\.layer) == ["flat"])
  }

  /// What is not Keras's is called by its name.
  @Test(
    arguments: [
      ([0x1c, 0, 0, 0] + Array("TFL3".utf8), "TensorFlow Lite"),
      ([8, 7, 0x12, 7] + Array("pytorch".utf8), "ONNX"),
      ([8, 1, 0x12, 0x50] + Array(repeating: 0x20, count: 20), "SavedModel"),
      ([0x80, 2, 0x8a] + Array(repeating: 0, count: 20), "pickle"),
      (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "git lfs pull"),
      (Array("<!DOCTYPE html><html>".utf8), "web page"),
      (Array("model_checkpoint_path: \"x\"\n".utf8), "checkpoint"),
      (
        Array(repeating: 0, count: 30) + [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb],
        "checkpoint"
      ),
      ([], "empty"),
      ([0x1f, 0x8b, 8, 0], "gzip"),
    ] as [([UInt8], String)])
  func filesOfOthers(_ bytes: [UInt8], _ part: String) throws {
    try ContainerFixture.withFile(Data(bytes)) { path in
      ContainerFixture.expectFailure([path, part]) { _ = try Network(contentsOf: path) }
    }
  }

  @Test func archivesOfOthers() throws {
    let arrays = try NPZ.bytes(
      of: [NamedTensor(name: "a", tensor: Tensor(shape: [1], values: [1]))], named: "a.npz")
    try ContainerFixture.withFile(Data(arrays)) { path in
      ContainerFixture.expectFailure([path, "NumPy"]) { _ = try Network(contentsOf: path) }
    }
    ContainerFixture.expectFailure(["class 'Pair'", "does not list its layers"]) {
      _ = try Network(contentsOf: ContainerFixture.path("subclass.keras"))
    }
    ContainerFixture.expectFailure(["a folder"]) {
      _ = try Network(contentsOf: ContainerFixture.folder)
    }
  }
}
