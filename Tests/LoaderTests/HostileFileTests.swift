import Foundation
import Loader
import Network
import Testing

/// Files made to do harm are refused, at once and within a bounded amount of memory.
@Suite struct HostileFileTests {
  @Test(arguments: [
    ("bad-soft-link.h5", ["classes/kernel:0' is a soft link", "h5repack"]),
    ("bad-external-link.h5", ["classes/kernel:0' is a link into another file"]),
    ("bad-external-storage.h5", ["classes/kernel:0' is stored in other files"]),
    ("bad-virtual.h5", ["classes/kernel:0' is stored in other files"]),
    ("bad-bomb.h5", ["[1048576, 16384]", "0 bytes are stored"]),
    ("bad-small-bomb.h5", ["[16384, 8192]", "more than a file of"]),
    ("bad-same-name.h5", ["layer 'first'", "two layers"]),
    ("bad-bomb.keras", ["'config.json'", "declares 4026531840 bytes"]),
  ])
  func refuses(_ file: String, _ parts: [String]) {
    ContainerFixture.expectFailure([file] + parts) {
      _ = try Network(contentsOf: ContainerFixture.path(file))
    }
  }

  /// Groups that hold each other by hard links are walked through once.
  @Test func cyclesOfGroups() throws {
    let weights = try StoredWeights(
      contentsOf: ContainerFixture.path("bad-group-cycle.weights.h5"))
    #expect(weights.entries.map(\.shape) == [[2, 2]])
  }

  @Test func deepConfigurations() throws {
    let weights = ContainerFixture.path("number-types.h5")
    let deep = String(repeating: "[", count: 100_000)
    for (text, place) in [
      ("{\"a\":" + deep, "JSON"), (String(repeating: "{\"a\":", count: 100_000), "JSON"),
      ("config: " + deep, "YAML"),
      ("config:\n" + String(repeating: "- ", count: 100_000) + "a", "YAML"),
    ] {
      try ContainerFixture.withFile(Data(text.utf8)) { path in
        ContainerFixture.expectFailure([path, place, "400 levels"]) {
          _ = try Network(contentsOf: weights, architecture: path)
        }
      }
    }
  }

  /// Each name stands for two of what the one before stands for.
  @Test func anchorsThatMultiply() throws {
    var text = "config:\n  a0: &a0 [x, x]\n"
    for level in 1..<40 {
      text += "  a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
    }
    try ContainerFixture.withFile(Data(text.utf8)) { path in
      ContainerFixture.expectFailure([path, "YAML"]) {
        _ = try Network(
          contentsOf: ContainerFixture.path("number-types.h5"), architecture: path)
      }
    }
  }

  @Test func graphsWithACycle() throws {
    try expectFailure(
      ofGraph: [("a", "b"), ("b", "a")], output: #"["b", 0, 0]"#, ["'round' has a cycle"])
  }

  @Test func outputsThatNoLayerHas() throws {
    try expectFailure(
      ofGraph: [("a", "in")], output: #"["a", 0, 7]"#,
      ["'a'", "'round' takes its output 7, which it does not have"])
  }

  /// A model of activations, each with the name of the layer that it takes its input from.
  private func expectFailure(
    ofGraph layers: [(name: String, source: String)], output: String, _ parts: [String]
  ) throws {
    let layers = layers.map {
      """
      {"class_name": "Activation", "config": {"name": "\($0.name)", "activation": "relu"},
       "inbound_nodes": [[["\($0.source)", 0, 0, {}]]]}
      """
    }
    let text = """
      {"class_name": "Functional", "keras_version": "2.9.0", "config": {"name": "round", "layers": [
        {"class_name": "InputLayer", "config": {"name": "in", "batch_input_shape": [null, 2]},
         "inbound_nodes": []},
        \(layers.joined(separator: ", "))],
        "input_layers": [["in", 0, 0]], "output_layers": [\(output)]}}
      """
    try ContainerFixture.withFile(Data(text.utf8)) { path in
      ContainerFixture.expectFailure(parts) {
        _ = try Network(
          contentsOf: ContainerFixture.path("number-types.h5"), architecture: path)
      }
    }
  }

  /// Any byte of a configuration may be wrong: it loads or is refused, but ends no program.
  @Test(arguments: ["keras1-theano.h5", "keras1-tensorflow.h5", "number-types.h5"])
  func damagedConfigurations(_ file: String) throws {
    let good = try Data(contentsOf: URL(filePath: ContainerFixture.path(file)))
    let start = try #require(good.firstRange(of: Data("{\"class_name\"".utf8))).lowerBound
    let end = try #require(good[start...].firstIndex(of: 0))
    for seed in 0..<200 {
      var generator = NumPyGenerator(seed: UInt32(seed))
      var bytes = good
      for _ in 0..<3 {
        let place = start + Int(generator.nextFloat() * Float(end - start))
        bytes[place] = UInt8(32 + generator.nextFloat() * 95)
      }
      try Self.load(bytes)
    }
  }

  /// The heaps that hold texts: wrong addresses, numbers and lengths.
  @Test(arguments: ["keras1-theano.h5", "keras3.weights.h5", "number-types.h5"])
  func damagedHeaps(_ file: String) throws {
    let good = try Data(contentsOf: URL(filePath: ContainerFixture.path(file)))
    let start = try #require(good.firstRange(of: Data("GCOL".utf8))).lowerBound
    for seed in 0..<100 {
      var generator = NumPyGenerator(seed: UInt32(seed))
      var bytes = good
      for _ in 0..<2 {
        bytes[start + 5 + Int(generator.nextFloat() * 59)] = UInt8(generator.nextFloat() * 256)
      }
      try Self.load(bytes)
    }
  }

  /// A record that declares more than there is: its place from the attribute's name, and what is said.
  @Test(arguments: [
    (-8, [9], ["group 'model_weights' is damaged", "of version 9"]),
    (-6, [0xff, 0xff], ["group 'model_weights' is damaged", "the record of an attribute ends"]),
    (-4, [0xff, 0xff], ["group 'model_weights' is damaged", "the record of an attribute ends"]),
    (-2, [0xff, 0xff], ["group 'model_weights' is damaged", "the record of an attribute ends"]),
    // The type: its version, and the bytes of a value.
    (16, [0xf9], ["group 'model_weights' is damaged", "version 15"]),
    (
      20, [0xff, 0xff, 0xff, 0x7f],
      ["group 'model_weights' is damaged", "2147483647 bytes"]
    ),
    // The shape: its version, the number of axes, and the size of one.
    (40, [7], ["group 'model_weights' is damaged", "of version 7"]),
    (41, [200], ["group 'model_weights' is damaged", "200 axes"]),
    (41, [20], ["group 'model_weights' is damaged", "the shape of an attribute ends"]),
    (
      48, [0xff, 0xff, 0xff],
      ["group 'model_weights' is damaged", "16777215 values"]
    ),
    // The first text: its length, and where it is.
    (
      64, [0xff, 0xff],
      ["'layer_names' of group 'model_weights' cannot be read", "damaged"]
    ),
    (
      68, [0xff, 0xff],
      ["'layer_names' of group 'model_weights' cannot be read", "damaged"]
    ),
  ])
  func damagedAttributes(_ place: Int, _ bytes: [UInt8], _ parts: [String]) throws {
    var data = try Data(contentsOf: URL(filePath: ContainerFixture.path("keras1-theano.h5")))
    let name = try #require(data.firstRange(of: Data("layer_names\0".utf8))).lowerBound
    data.replaceSubrange(name + place..<name + place + bytes.count, with: bytes)
    try ContainerFixture.withFile(data) { path in
      ContainerFixture.expectFailure([path] + parts) {
        _ = try StoredWeights(contentsOf: path)
      }
    }
  }

  /// Where the names of a large group are: a heap and its indices, which may be anywhere.
  @Test(arguments: ["FRHP", "BTHD"], [UInt64.max - 26, 1 << 40, 8])
  func placesOfNames(_ signature: String, _ address: UInt64) throws {
    var data = try Data(
      contentsOf: URL(filePath: ContainerFixture.path("../storage/ordered.weights.h5")))
    let place = try #require(data.firstRange(of: Data(signature.utf8))).lowerBound
    let good = withUnsafeBytes(of: UInt64(place).littleEndian) { Data($0) }
    let wrong = withUnsafeBytes(of: address.littleEndian) { Data($0) }
    data.replaceSubrange(try #require(data.firstRange(of: good)), with: wrong)
    try ContainerFixture.withFile(data) { path in
      ContainerFixture.expectFailure([path, "is damaged", "of its names"]) {
        _ = try StoredWeights(contentsOf: path)
      }
    }
  }

  /// A layout with chunks larger than those that are stored, which are packed.
  @Test func shortChunks() throws {
    var data = try Data(contentsOf: URL(filePath: ContainerFixture.path("number-types.h5")))
    let filter = try #require(data.firstRange(of: Data("fletcher32".utf8))).lowerBound
    // The second of the chunk's sizes.
    data[filter + 39] = 0xff
    try ContainerFixture.withFile(data) { path in
      ContainerFixture.expectFailure([path, "is damaged: one of its chunks has", "are expected"]) {
        _ = try Network(contentsOf: path)
      }
    }
  }

  /// Trees and lists that lead back to themselves end.
  @Test(arguments: ["keras1-theano.h5", "keras3.weights.h5"])
  func structuresWithoutEnd(_ file: String) throws {
    let good = try Data(contentsOf: URL(filePath: ContainerFixture.path(file)))
    for signature in ["TREE", "SNOD", "HEAP", "GCOL"] {
      let place = try #require(good.firstRange(of: Data(signature.utf8))).lowerBound
      let address = withUnsafeBytes(of: UInt64(place).littleEndian) { Data($0) }
      for offset in stride(from: 0, to: 256, by: 8) {
        var bytes = good
        bytes.replaceSubrange(place + 8 + offset..<place + 16 + offset, with: address)
        try Self.load(bytes)
        // As a node above others.
        bytes[place + 5] = 1
        try Self.load(bytes)
      }
    }
  }

  /// Every byte of the records, in each layout of HDF5.
  @Test(arguments: [
    "containers/keras1-theano.h5", "containers/number-types.h5", "storage/ordered.weights.h5",
    "storage/latest.weights.h5", "storage/earliest.weights.h5",
  ])
  func damagedRecords(_ file: String) throws {
    let good = try Data(contentsOf: URL(filePath: "\(KerasFixture.folder)/\(file)"))
    for seed in 0..<150 {
      var generator = NumPyGenerator(seed: UInt32(seed))
      var bytes = good
      for _ in 0...seed % 4 {
        let place = Int(generator.nextFloat() * Float(good.count))
        bytes[place] = [0, 0xff, bytes[place] ^ 1, bytes[place] &+ 8][seed / 4 % 4]
      }
      try Self.load(bytes)
    }
  }

  /// Every byte of an archive is under a checksum or read by libzip and the reader of JSON.
  @Test func damagedArchives() throws {
    let good = try Data(
      contentsOf: URL(filePath: ContainerFixture.path("keras3-deflated.keras")))
    for seed in 0..<200 {
      var generator = NumPyGenerator(seed: UInt32(seed))
      var bytes = good
      for _ in 0..<3 {
        bytes[Int(generator.nextFloat() * Float(good.count))] = UInt8(generator.nextFloat() * 256)
      }
      try Self.load(bytes)
    }
  }

  private static func load(_ bytes: Data) throws {
    try ContainerFixture.withFile(bytes) { path in
      _ = try? Network(contentsOf: path)
      _ = try? ModelOutline(contentsOf: path)
      if let weights = try? StoredWeights(contentsOf: path) {
        for index in weights.entries.indices { _ = try? weights.tensor(at: index) }
      }
    }
  }

  @Test(arguments: ["keras1-theano.h5", "keras3.keras"])
  func cutOffFiles(_ file: String) throws {
    let good = try Data(contentsOf: URL(filePath: ContainerFixture.path(file)))
    for part in 1..<20 {
      try ContainerFixture.withFile(good.prefix(good.count * part / 20)) { path in
        #expect(throws: (any Error).self) { _ = try Network(contentsOf: path) }
      }
    }
  }
}
