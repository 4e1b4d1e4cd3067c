import CNN
import Testing

@Suite struct FunctionalTests {
  @Test func sharesLayersAndHasSeveralInputsAndOutputs() throws {
    let left = Input([4, 4, 1], name: "left")
    let right = Input([4, 4, 1], name: "right")
    let shared = Conv2D(2, kernel: 3, name: "shared").shared()
    let first = shared(left)
    let second = shared(right)
    let sum = Add(name: "sum")(first, second)
    let both = Concatenate(name: "both")(first, second)
    var network = try Functional(inputs: [left, right], outputs: [sum, both])
    #expect(network.inputNames == ["left", "right"])
    #expect(network.outputNames == ["sum", "both"])
    #expect(network.outputShapes == [[2, 2, 2], [2, 2, 4]])
    #expect(try network.parameterCount().trainable == 3 * 3 * 2 + 2)

    try network.initializeWeights(seed: 1)
    let a = Tensor(shape: [1, 4, 4, 1], values: (0..<16).map { Float($0) })
    let b = Tensor(shape: [1, 4, 4, 1], values: (0..<16).map { Float(20 - $0) })
    let outputs = try network.predict(a, b)
    let taps = try network.activations(of: ["shared"], a, b)
    let one = try #require(taps["shared"])
    for pixel in 0..<4 {
      for channel in 0..<2 {
        let left = outputs[1].values[pixel * 4 + channel]
        let right = outputs[1].values[pixel * 4 + 2 + channel]
        #expect(left == one.values[pixel * 2 + channel])
        #expect(outputs[0].values[pixel * 2 + channel] == left + right)
      }
    }
    // The same picture on both sides gives the same on both sides.
    let twice = try network.predict(a, a)[1]
    #expect((0..<4).allSatisfy { twice.values[$0 * 4] == twice.values[$0 * 4 + 2] })
  }

  @Test func anInputThatIsNotGivenIsNamed() {
    let given = Input([2], name: "given")
    let forgotten = Input([2], name: "forgotten")
    #expect {
      try Functional(inputs: [given], outputs: [Add()(given, forgotten)])
    } throws: {
      "\($0)".contains("layer 'forgotten'")
    }
  }

  @Test func shapesThatDoNotFitNameTheLayer() {
    let a = Input([2, 3])
    let b = Input([3, 2])
    #expect {
      try Functional(inputs: [a, b], outputs: [Add(name: "sum")(a, b)])
    } throws: {
      "\($0)".contains("layer 'sum' (Add)") && "\($0)".contains("(None, 2, 3) and (None, 3, 2)")
    }
  }

  @Test func anOutputMayBeAnInputOrGivenTwice() throws {
    let x = Input([3], name: "x")
    let y = Flatten(name: "y")(x)
    let network = try Functional(inputs: [x], outputs: [x, y, y])
    let outputs = try network.predict(Tensor(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]))
    #expect(outputs.allSatisfy { $0.values == [1, 2, 3, 4, 5, 6] })
    #expect(network.outputNames == ["x", "y", "y:1"])
  }
}
