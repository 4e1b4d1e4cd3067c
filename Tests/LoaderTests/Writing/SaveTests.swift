import DataFiles
import Foundation
import Loader
import Network
import TestSupport
import Testing

/// What is written is read again as it was.
@Suite struct SaveTests {
  /// What Keras 3 has no layer for, so that only an `.h5` of Keras 2 can hold it.
  private static let onlyKeras2 = [
    "activations", "sequences", "one-dimensional", "resizing", "operations", "nodes",
  ]

  @Test(arguments: KerasFixture.models + KerasFixture.layers)
  func aFixtureIsWrittenAndReadAgain(_ fixture: KerasFixture) throws {
    let network = try fixture.network()
    let scratch = TemporaryFolder()
    let isKeras2 = fixture.path.hasSuffix("keras2")
    let file = "\(scratch.path)/model.h5"
    try network.save(to: file, kerasMajorVersion: isKeras2 ? 2 : 3)
    try check(fixture, network, file)
    let archive = "\(scratch.path)/model.keras"
    if isKeras2, Self.onlyKeras2.contains(where: fixture.path.contains) {
      let error = #expect(throws: SaveError.self) { try network.save(to: archive) }
      #expect(error?.message.contains("layer '") == true)
    } else {
      try network.save(to: archive)
      try check(fixture, network, archive)
      try network.save(to: file)
      try check(fixture, network, file)
    }
    #expect(Set(scratch.contents).isSubset(of: ["model.h5", "model.keras"]))
  }

  private func check(_ fixture: KerasFixture, _ network: Network, _ file: String) throws {
    let again = try Network(contentsOf: file)
    #expect(again.name == network.name && again.kind == network.kind)
    #expect(again.inputNames == network.inputNames)
    let arrays = try fixture.arrays()
    let outputs = try [network, again].map { network in
      let inputs = fixture.inputs(arrays, of: network)
      let shapes = inputs.map { Shape(Array($0.shape.dropFirst())) }
      return try Inference(
        try network.resized(inputShapes: shapes), batch: inputs[0].shape[0]
      ).run(inputs)
    }
    #expect(outputs[0].map(\.shape) == outputs[1].map(\.shape))
    for (a, b) in zip(outputs[0], outputs[1]) {
      // Keras 3's layer for a ThresholdedReLU gives zeros with a sign, which adding zero takes off.
      #expect(
        a.values.map { ($0 + 0).bitPattern } == b.values.map { ($0 + 0).bitPattern }, "\(file)")
    }
    let trainable = try [network, again].map { try $0.parameterCount() }
    #expect(trainable[0] == trainable[1])
  }

  /// Keras lists the layers in an order that follows from the connections; the fixtures have it.
  @Test(arguments: KerasFixture.models + KerasFixture.layers)
  func layersAreInKerasOrder(_ fixture: KerasFixture) throws {
    // Further calls of operations are layers of their own here; no Keras of today wrote the nodes.
    if ["operations", "nodes"].contains(where: fixture.path.contains) { return }
    let network = try fixture.network()
    #expect(KerasOrder(network).nodes == Array(network.nodes.indices))
  }

  @Test(arguments: ["model.h5", "model.keras"])
  func aSequentialMadeHereIsWritten(_ name: String) throws {
    let inner = try Sequential(input: [7, 7, 4], name: "inner") {
      Flatten()
      Dense(5, activation: .softmax)
    }
    var network = try Sequential(input: [9, 9, 2]) {
      Conv2D(4, kernel: 3, activation: .relu)
      BatchNormalization()
      inner
    }
    try network.initializeWeights(seed: 3)
    try check(network, name, [Tensor(shape: [1, 9, 9, 2], repeating: 0.25)])
  }

  @Test(arguments: ["model.h5", "model.keras"])
  func aFunctionalMadeHereIsWritten(_ name: String) throws {
    let (left, right) = (Input([8, 8, 3], name: "left"), Input([8, 8, 3], name: "right"))
    let shared = Conv2D(3, kernel: 3, padding: .same).shared()
    let sum = Add()(shared(left), shared(shared(right)))
    let all = Concatenate()(sum, left)
    var network = try Functional(
      inputs: [right, left], outputs: [GlobalAveragePooling2D()(all), sum])
    try network.initializeWeights(seed: 4)
    let inputs = [0.5, 0.125].map { Tensor(shape: [1, 8, 8, 3], repeating: $0) }
    try check(network, name, inputs)
  }

  private func check(_ network: Network, _ name: String, _ inputs: [Tensor]) throws {
    let scratch = TemporaryFolder()
    try network.save(to: "\(scratch.path)/\(name)")
    let again = try Network(contentsOf: "\(scratch.path)/\(name)")
    #expect(again.layerPaths.sorted() == network.layerPaths.sorted())
    #expect(again.inputNames == network.inputNames)
    let outputs = try [network, again].map { try Inference($0).run(inputs) }
    #expect(outputs[0] == outputs[1])
  }

  /// More than the header of an HDF5 object can hold: a configuration, names of layers, and names of weights.
  @Test func whatIsTooLargeForAHeaderIsSplit() throws {
    let filler = String(repeating: "x", count: 120)
    let inner = try Sequential(input: [1], name: "inner") {
      for index in 0..<300 { Dense(1, name: "\(filler)\(index)") }
    }
    var network = try Sequential(input: [1]) {
      for index in 0..<600 { Dense(1, name: "\(filler)\(index)") }
      inner
    }
    try network.initializeWeights()
    let scratch = TemporaryFolder()
    for version in [2, 3] {
      let file = "\(scratch.path)/model.h5"
      try network.save(to: file, kerasMajorVersion: version)
      let again = try Network(contentsOf: file)
      #expect(again.layerPaths == network.layerPaths)
      for (a, b) in zip(again.nodes, network.nodes) where b.layer is Dense {
        #expect(a.weights == b.weights)
      }
      let input = Tensor(shape: [1, 1], values: [1])
      #expect(try again.predict(input) == network.predict(input))
    }
  }

  @Test func aFileDependsOnItsContentsAlone() throws {
    let network = try KerasFixture(path: "layers/nested.keras3").network()
    let scratch = TemporaryFolder()
    for name in ["a.h5", "a.keras"] {
      let file = "\(scratch.path)/\(name)"
      try network.save(to: file)
      let first = try FileBytes.read(file)
      try network.save(to: file)
      #expect(try FileBytes.read(file) == first)
    }
  }

  @Test func failuresSayWhatToDoAndLeaveWhatIsThere() throws {
    let scratch = TemporaryFolder()
    var network = try Sequential(input: [4]) { Dense(2) }
    func failure(_ name: String, keras version: Int = 3) -> String {
      let error = #expect(throws: SaveError.self) {
        try network.save(to: "\(scratch.path)/\(name)", kerasMajorVersion: version)
      }
      return error?.message ?? ""
    }
    #expect(failure("model.h5").contains("has no weights"))
    try network.initializeWeights()
    #expect(failure("model.tflite").contains(".h5, .hdf5 or .keras"))
    #expect(failure("model.weights.h5").contains("weights alone"))
    #expect(failure("model.keras", keras: 2).contains("Keras 3"))
    #expect(failure("none/model.h5").contains("mkdir"))
    #expect(failure("none/model.keras").contains("mkdir"))
    #expect(scratch.contents.isEmpty)
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/folder.h5", withIntermediateDirectories: true)
    #expect(failure("folder.h5").contains("no file"))
    #expect(scratch.contents == ["folder.h5"])
  }
}
