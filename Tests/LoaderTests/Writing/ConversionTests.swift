import Loader
import Network
import TestSupport
import Testing

/// What another version of Keras, or another kind of file, is written for.
@Suite struct ConversionTests {
  /// Keras 1, computed by Theano too; archives of both versions; layers within layers; small floats.
  @Test(arguments: [
    ("keras1-tensorflow.h5", "keras1"), ("keras1-theano.h5", "keras1"), ("keras2.keras", "keras2"),
    ("keras3.keras", "keras3"), ("number-types.h5", "number-types"),
    ("sequences2.keras", "sequences2"), ("sequences3.keras", "sequences3"),
  ])
  func everyKindOfFileBecomesEveryOther(_ file: String, _ expected: String) throws {
    let network = try Network(contentsOf: ContainerFixture.path(file))
    let scratch = TemporaryFolder()
    for (name, version) in [("a.h5", 3), ("b.h5", 2), ("c.keras", 3)] {
      try network.save(to: "\(scratch.path)/\(name)", kerasMajorVersion: version)
      try ContainerFixture.check(Network(contentsOf: "\(scratch.path)/\(name)"), expected)
    }
  }

  /// Keras 3 takes no slashes, which Keras 2 put into the names of its own networks.
  @Test func namesAreBroughtToKeras3() throws {
    var network = try Sequential(input: [4], name: "a/b") {
      Dense(3, name: "block/dense")
      Dense(2, name: "block_dense")
    }
    try network.initializeWeights()
    let input = Tensor(shape: [1, 4], repeating: 0.5)
    let scratch = TemporaryFolder()
    for (name, version, names) in [
      ("a.h5", 2, ["block/dense", "block_dense"]), ("a.h5", 3, ["block_dense_", "block_dense"]),
      ("a.keras", 3, ["block_dense_", "block_dense"]),
    ] {
      try network.save(to: "\(scratch.path)/\(name)", kerasMajorVersion: version)
      let again = try Network(contentsOf: "\(scratch.path)/\(name)")
      #expect(again.layerPaths == names)
      #expect(again.name == (version == 2 ? "a/b" : "a_b"))
      #expect(try again.predict(input) == network.predict(input))
    }
  }

  /// A model applied to each step, in a model of its own.
  @Test func modelsInTimeAreWritten() throws {
    var inner = NestedNetwork(
      try Sequential(input: [5, 4, 2], name: "inner") {
        Conv2D(3, kernel: 2)
        BatchNormalization()
        Flatten()
      })
    inner.isTimeDistributed = true
    inner.name = "steps"
    var network = try Sequential(input: [3, 5, 4, 2]) {
      inner
      Dense(2)
    }
    try network.initializeWeights(seed: 5)
    let input = Tensor(shape: [1, 3, 5, 4, 2], values: (0..<120).map { Float($0) / 120 })
    let expected = try network.predict(input)
    let scratch = TemporaryFolder()
    for (name, version) in [("a.h5", 3), ("b.h5", 2), ("c.keras", 3)] {
      try network.save(to: "\(scratch.path)/\(name)", kerasMajorVersion: version)
      let again = try Network(contentsOf: "\(scratch.path)/\(name)")
      #expect(again.layerPaths == network.layerPaths)
      #expect(try again.predict(input) == expected, "\(name)")
    }
  }

  /// Functions of TensorFlow between layers become operations of Keras 3 that compute the same.
  @Test func functionsBecomeOperations() throws {
    let fixture = KerasFixture(path: "layers/operations.keras2")
    let network = try fixture.network()
    var other = network
    var left: Set<String> = []
    for (index, node) in network.nodes.enumerated() {
      guard let operation = node.layer as? TensorOperation else { continue }
      if let newer = operation.ofKeras3 {
        #expect(newer.ofKeras3 == nil)
        #expect(throws: Never.self) { try newer.configuration(kerasMajorVersion: 3) }
        other.replaceLayer(ofNode: index, by: newer)
      } else {
        left.insert(operation.function)
      }
    }
    #expect(left == ["localresponsenormalization"])
    let inputs = fixture.inputs(try fixture.arrays(), of: network)
    let outputs = try [network, other].map {
      try Inference($0, batch: inputs[0].shape[0]).run(inputs)
    }
    #expect(outputs[0] == outputs[1])
  }
}
