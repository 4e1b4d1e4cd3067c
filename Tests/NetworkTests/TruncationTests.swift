import CNN
import Testing

/// Parts of networks compute what the whole does up to there.
@Suite struct TruncationTests {
  /// Two inputs, a shared layer and a nested model with a branch that nobody else needs.
  private func network() throws -> Network {
    let bright = Input([6, 6, 1], name: "bright")
    let dark = Input([6, 6, 1], name: "dark")
    let inner = Input([4, 4, 4], name: "inner")
    let first = Conv2D(2, kernel: 1, name: "first")(inner)
    let second = Conv2D(3, kernel: 3, name: "second")(first)
    let nested = NestedNetwork(try Functional(inputs: [inner], outputs: [second], name: "nested"))
    let shared = Conv2D(2, kernel: 3, name: "shared").shared()
    let (left, right) = (shared(bright), shared(dark))
    let aside = Flatten(name: "aside")(left)
    let both = Concatenate(name: "both")(right, left)
    let outputs = [nested(both), Dense(3, name: "dense")(aside)]
    var network = try Functional(inputs: [bright, dark], outputs: outputs)
    try network.initializeWeights(seed: 5)
    return network
  }

  private let inputs = (0..<2).map { seed in
    Tensor(shape: [1, 6, 6, 1], values: (0..<36).map { Float(($0 * 7 + seed * 5) % 11) })
  }

  /// The layers that are left, and that their output is the layer's in the whole.
  private func expect(
    _ layer: String, leaves layers: [String], inputs names: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let whole = try network()
    let part = try whole.truncated(after: layer)
    #expect(part.layerPaths == layers, sourceLocation: sourceLocation)
    #expect(part.inputNames == names, sourceLocation: sourceLocation)
    let needed = whole.inputNames.indices.filter { names.contains(whole.inputNames[$0]) }
    let expected = try whole.activations(of: [layer], inputs[0], inputs[1])[layer]
    let found =
      try needed.count == 2 ? part.predict(inputs[0], inputs[1]) : part.predict(inputs[needed[0]])
    #expect(found.count == 1 && found[0] == expected, sourceLocation: sourceLocation)
  }

  @Test func whatALayerDoesNotNeedIsGone() throws {
    try expect("both", leaves: ["bright", "dark", "shared", "both"], inputs: ["bright", "dark"])
    try expect("aside", leaves: ["bright", "shared", "aside"], inputs: ["bright"])
  }

  @Test func ofASharedLayerTheFirstUseIsLeft() throws {
    try expect("shared", leaves: ["bright", "shared"], inputs: ["bright"])
  }

  @Test func aNestedModelEndsWhereALayerOfItDoes() throws {
    try expect(
      "nested/first",
      leaves: ["bright", "dark", "shared", "both", "nested", "nested/inner", "nested/first"],
      inputs: ["bright", "dark"])
  }

  @Test func aSequentialNetworkStaysOne() throws {
    var network = try Sequential(input: [5, 5, 1]) {
      Conv2D(2, kernel: 3, name: "conv")
      Flatten(name: "flat")
      Dense(2, name: "dense")
    }
    try network.initializeWeights(seed: 1)
    let part = try network.truncated(after: "-2")
    #expect(part.kind == .sequential && part.layerPaths == ["conv", "flat"])
    #expect(part.outputShapes == [[18]])
  }

  @Test func aLayerThatIsNotThereIsNamedWithThoseThatAre() throws {
    let network = try network()
    #expect {
      try network.truncated(after: "third")
    } throws: {
      "\($0)".contains("'third'") && "\($0)".contains("shared") && "\($0)".contains("nested/second")
    }
  }
}
