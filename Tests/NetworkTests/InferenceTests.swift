import CNN
import Testing

@Suite struct InferenceTests {
  private func residualNetwork() throws -> Network {
    let x = Input([9, 7, 5])
    let a = Conv2D(6, kernel: 3, padding: .same, name: "conv")(x)
    let b = BatchNormalization(name: "norm")(a)
    let c = ReLU(name: "relu")(b)
    let d = Conv2D(6, kernel: 1, name: "pointwise")(c)
    let e = Add(name: "sum")(d, c)
    let f = Activation(.sigmoid, name: "sigmoid")(e)
    var network = try Functional(inputs: [x], outputs: [f])
    try network.initializeWeights(seed: 8)
    return network
  }

  private let input = Tensor(
    shape: [2, 9, 7, 5], values: (0..<630).map { Float(($0 * 37) % 23) / 11 - 1 })

  /// Values share memory, so a value that is used late must not have been written over: one at a time
  /// kept, they are all what they are together.
  @Test func everySubsetOfTapsGivesTheSameValues() throws {
    let network = try residualNetwork()
    let paths = network.layerPaths
    let all = try network.activations(of: paths, input)
    #expect(all.count == paths.count)
    for path in paths {
      #expect(try network.activations(of: [path], input)[path] == all[path], "\(path)")
    }
    #expect(try network.predict(input) == [try #require(all["sigmoid"])])
  }

  @Test func inputsAreCheckedAndRunsRepeat() throws {
    let inference = try Inference(try residualNetwork(), batch: 2)
    let first = try inference.run([input])
    #expect(try inference.run([input]) == first)
    #expect(throws: NetworkError.self) { try inference.run([]) }
    #expect(throws: NetworkError.self) {
      try inference.run([Tensor(shape: [1, 9, 7, 5], repeating: 0)])
    }
    _ = inference.input(0).update(from: input.values)
    inference.runInPlace()
    #expect(Array(inference.output(0)) == first[0].values)
  }

  /// Without taps, values whose lives do not overlap share memory.
  @Test func theArenaIsReused() throws {
    var network = try Sequential(input: [32, 32, 16]) {
      for _ in 0..<10 { Conv2D(16, kernel: 3, padding: .same, activation: .relu) }
    }
    try network.initializeWeights()
    let value = 32 * 32 * 16 * 4
    #expect(try Inference(network).arenaSize == 2 * value)
    #expect(
      try Inference(network, taps: Set(network.layerPaths)).arenaSize >= 10 * value)
  }

  /// More memory than there is is an error, not the end of the program.
  @Test(arguments: [1 << 36, 1 << 60])
  func aBatchThatIsTooLargeIsRefused(_ batch: Int) throws {
    let network = try residualNetwork()
    #expect {
      try Inference(network, batch: batch)
    } throws: {
      "\($0)".hasPrefix("a batch of \(batch) needs")
    }
  }

  /// A batch is computed as its items one by one are.
  @Test func aBatchChangesNothing() throws {
    let network = try residualNetwork()
    let whole = try network.predict(input)[0]
    for item in 0..<2 {
      let one = Tensor(
        shape: [1, 9, 7, 5], values: Array(input.values[item * 315..<(item + 1) * 315]))
      let size = whole.values.count / 2
      #expect(
        try network.predict(one)[0].values == Array(whole.values[item * size..<(item + 1) * size]))
    }
  }
}
