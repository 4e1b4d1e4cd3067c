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
    // Besides, where inputs and outputs are bound; of direct convolutions, which need no scratch memory.
    let plain = try Inference(network, threads: 1, algorithm: .direct)
    #expect(plain.arenaSize == 2 * value + 64)
    let tapped = try Inference(
      network, taps: Set(network.layerPaths), threads: 1, algorithm: .direct)
    #expect(tapped.arenaSize >= 9 * value)
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

  /// The same bits on any number of threads, for one picture and for more than there are threads.
  /// Some pictures go through a part of the network before others: no value of one may lie where another's
  /// is still needed. Many weights for few pixels make a part of their own; a band of wide values goes on
  /// for two pictures at a time.
  @Test(arguments: [2, 4, 9], [1, 2, 3])
  func partsOfABatchDoNotMeet(batch: Int, threads: Int) throws {
    var weights = try Sequential(input: [112, 112, 4], name: "weights") {
      Conv2D(16, kernel: 3, padding: .same)
      MaxPooling2D(16)
      Conv2D(112, kernel: 1)
      Conv2D(1280, kernel: 1, activation: .relu)
      GlobalAveragePooling2D()
      Dense(300, activation: .tanh)
      Dense(5)
    }
    var band = try Sequential(input: [32, 32, 8], name: "band") {
      Conv2D(64, kernel: 1, activation: .relu)
      DepthwiseConv2D(kernel: 3, strides: 2, padding: .same)
      Conv2D(16, kernel: 1)
      Conv2D(24, kernel: 1)
    }
    try weights.initializeWeights(seed: 3)
    try band.initializeWeights(seed: 4)
    for network in [weights, band] {
      let shape = try #require(network.inputShapes[0].known)
      let size = shape.reduce(1, *)
      var generator = SystemRandomNumberGenerator()
      let values = (0..<batch * size).map { _ in Float.random(in: -1...1, using: &generator) }
      let whole = try Inference(network, batch: batch, threads: threads, algorithm: .direct)
        .run([Tensor(shape: [batch] + shape, values: values)])[0]
      let alone = try Inference(network, batch: 1, threads: 1, algorithm: .direct)
      let count = whole.values.count / batch
      for index in 0..<batch {
        let picture = Tensor(
          shape: [1] + shape, values: Array(values[index * size..<(index + 1) * size]))
        let expected = try alone.run([picture])[0].values
        #expect(Array(whole.values[index * count..<(index + 1) * count]) == expected)
      }
    }
  }

  @Test(arguments: [1, 2, 9], ConvolutionAlgorithm.allCases)
  func threadsChangeNothing(batch: Int, algorithm: ConvolutionAlgorithm) throws {
    let network = try threadedNetwork()
    let input = Tensor(
      shape: [batch, 32, 32, 3],
      values: (0..<batch * 32 * 32 * 3).map { Float($0 % 97) / 97 - 0.3 })
    let one = try Inference(network, batch: batch, threads: 1, algorithm: algorithm).run([input])
    for threads in [2, 3, 5] {
      let inference = try Inference(network, batch: batch, threads: threads, algorithm: algorithm)
      #expect(inference.threads == threads)
      for _ in 0..<3 { #expect(try inference.run([input]) == one) }
    }
  }

  /// Both methods compute the layer; `direct` uses the one only.
  @Test func algorithmsAgree() throws {
    let network = try threadedNetwork()
    let input = Tensor(
      shape: [2, 32, 32, 3], values: (0..<2 * 32 * 32 * 3).map { Float($0 % 89) / 89 })
    func run(_ algorithm: ConvolutionAlgorithm) throws -> (names: Set<String>, values: [Float]) {
      let inference = try Inference(network, batch: 2, algorithm: algorithm)
      return (
        Set(inference.operations.map(\.algorithm)), try inference.run([input])[0].values
      )
    }
    let direct = try run(.direct)
    let winograd = try run(.winograd)
    #expect(direct.names == ["direct", ""])
    #expect(winograd.names.contains { $0.hasPrefix("winograd") })
    let largest = direct.values.map(abs).max() ?? 0
    #expect(zip(direct.values, winograd.values).allSatisfy { abs($0 - $1) < 1e-5 * largest })
  }

  /// Bound memory is read and written in place, and the input left as it is.
  @Test func boundMemoryIsUsed() throws {
    let network = try residualNetwork()
    let inference = try Inference(network, batch: 2)
    let expected = try inference.run([input])[0].values
    var values = input.values
    var output = [Float](repeating: 0, count: expected.count)
    values.withUnsafeBufferPointer { values in
      output.withUnsafeMutableBufferPointer { output in
        inference.bindInput(0, to: values.baseAddress!)
        inference.bindOutput(0, to: output.baseAddress!)
        inference.runInPlace()
        inference.runInPlace()
      }
    }
    #expect(values == input.values && output == expected)
    values = []
  }

  /// Every operation is noted, on threads that there are, one part after the other.
  @Test(arguments: [1, 3])
  func runsAreRecorded(threads: Int) throws {
    let network = try threadedNetwork()
    let inference = try Inference(network, batch: 4, threads: threads)
    let events = inference.runRecording()
    #expect(Set(events.map(\.operation)) == Set(inference.operations.indices))
    #expect(events.allSatisfy { $0.begin <= $0.end && (0..<threads).contains($0.thread) })
  }

  /// Convolutions by either method, pooled and not, with an addition and dense layers.
  private func threadedNetwork() throws -> Network {
    var network = try Sequential(input: [32, 32, 3]) {
      Conv2D(20, kernel: 3, padding: .same, activation: .relu)
      MaxPooling2D()
      Conv2D(40, kernel: 3, activation: .relu)
      Conv2D(70, kernel: 3, padding: .same, activation: .relu)
      MaxPooling2D()
      Conv2D(33, kernel: 1)
      Flatten()
      Dense(300, activation: .sigmoid)
      Dense(10, activation: .softmax)
    }
    try network.initializeWeights()
    return network
  }
}
