import CNN
import Kernel
import Testing

@testable import Network

/// Weights in 16 and 8 bits.
@Suite struct NarrowWeightsTests {
  // MARK: Rounding

  /// To the nearest of the two neighbours, of two as near to the even one.
  @Test func halvesAreTheNearest() {
    for bits: UInt16 in 0..<0x7c00 {
      let value = Float(Float16(bitPattern: bits))
      #expect(value.halfBits == bits && (-value).halfBits == bits | 0x8000)
      let next = bits + 1 == 0x7c00 ? 65536 : Float(Float16(bitPattern: bits + 1))
      let middle = (value + next) / 2
      #expect(middle.halfBits == (bits % 2 == 0 ? bits : bits + 1))
      #expect(middle.nextDown.halfBits == bits && middle.nextUp.halfBits == bits + 1)
    }
    #expect(Float.infinity.halfBits == 0x7c00 && (-Float.infinity).halfBits == 0xfc00)
    #expect(Float16(bitPattern: Float.nan.halfBits).isNaN)
    #expect(Float.leastNonzeroMagnitude.halfBits == 0 && Float(1e30).halfBits == 0x7c00)
  }

  /// Steps are those of each output channel, and no weight is further from its own than half of one.
  @Test func bytesAreWithinHalfAStep() throws {
    let rows = 7
    var packed = (0..<rows * 32).map { index -> Float in
      let unit: Float = index % 3 == 0 ? 0.01 : 3
      return Float((index * 37) % 101 - 50) * unit
    }
    // A channel of zeros, and one of numbers that are next to nothing.
    for row in 0..<rows {
      packed[row * 16 + 3] = 0
      packed[row * 16 + 4] = 1e-44
    }
    let narrow = try NarrowWeights(
      packed, .int8, runs: [.init(panel: 0, rows: rows), .init(panel: 1, rows: rows)], panels: 2)
    for (index, weight) in packed.enumerated() {
      let step = narrow.steps[index / (rows * 16) * 16 + index % 16]
      let number = Float(Int8(bitPattern: narrow.bytes[index]))
      #expect(abs(number * step - weight) <= step * 0.5001 && abs(number) <= 127)
    }
    #expect(narrow.bytes.contains(127) || narrow.bytes.contains(129))
    #expect(narrow.bytes[3] == 0 && narrow.bytes[4] == 0)
  }

  @Test func whatCannotBeNarrowStaysAsItIs() throws {
    var network = try Sequential(input: [4]) {
      Dense(3, name: "large")
      Dense(2, name: "small")
    }
    try network.initializeWeights(seed: 1)
    let large = try #require(network.nodes.firstIndex { $0.name == "large" })
    var weights = try #require(network.nodes[large].weights)
    weights[0].values[5] = 70000
    try network.setWeights(weights, ofNode: large)
    let half = try CompiledProgram(network, weights: .float16)
    #expect(half.wideWeights.map(\.layers) == [["large"]])
    #expect(half.wideWeights[0].reason.contains("70000"))
    #expect(half.operations.map(\.algorithm) == ["direct", "direct, float16"])
    #expect(try CompiledProgram(network, weights: .int8).wideWeights.isEmpty)
    weights[0].values[5] = .nan
    try network.setWeights(weights, ofNode: large)
    #expect(try CompiledProgram(network, weights: .int8).wideWeights.map(\.layers) == [["large"]])
  }

  @Test func aLookupStaysAsItIs() throws {
    var network = try Sequential(input: [5]) {
      Embedding(9, 4, name: "table")
      Flatten()
      Dense(2, name: "dense")
    }
    try network.initializeWeights(seed: 1)
    let program = try CompiledProgram(network, weights: .int8)
    #expect(
      program.wideWeights == [WideWeights(layers: ["table"], reason: "a lookup takes floats")])
  }

  // MARK: Programs

  /// The bits of the network whose weights are rounded before, for any number of threads and pictures.
  @Test(arguments: 0..<5)
  func halvesAreTheRoundedNetwork(_ index: Int) throws {
    let (network, size) = try Self.network(index)
    let rounded = try Self.rounded(network) { weight, _ in
      weight.map { Float(Float16($0)) }
    }
    for batch in [1, 3] {
      let input = Self.input(batch, size)
      let expected = try Inference(rounded, batch: batch, threads: 1, algorithm: .direct)
        .run([input])
      for threads in [1, 2, 3] {
        let found = try run(network, .float16, input, threads: threads)
        #expect(found == expected, "\(batch) pictures, \(threads) threads")
      }
    }
  }

  /// Each sum is multiplied by its step in place of its weights, which rounds elsewhere.
  @Test(arguments: 0..<5)
  func bytesAreTheRoundedNetwork(_ index: Int) throws {
    let (network, size) = try Self.network(index)
    let rounded = try Self.rounded(network, Self.roundedToBytes)
    for batch in [1, 3] {
      let input = Self.input(batch, size)
      let expected = try Inference(rounded, batch: batch, threads: 1, algorithm: .direct)
        .run([input])
      let first = try run(network, .int8, input, threads: 1)
      for threads in [1, 2, 3] {
        #expect(try run(network, .int8, input, threads: threads) == first)
      }
      for (found, expected) in zip(first, expected) {
        #expect(Self.difference(found, expected) < Self.rounding)
      }
    }
  }

  /// In little memory a layer's weights become floats a few input channels at a time, or a few outputs.
  @Test(arguments: [1, 2])
  func littleMemoryGivesTheSame(threads: Int) throws {
    for index in 0..<5 {
      let (network, size) = try Self.network(index)
      let input = Self.input(2, size)
      let usual = try run(network, .float16, input, threads: threads)
      for memory in [1, 2048, 20000] {
        let program = try CompiledProgram(
          network, algorithm: .direct, weights: .float16, widenedSize: memory)
        let found = try Inference(program, batch: 2, threads: threads).run([input])
        for (found, usual) in zip(found, usual) {
          #expect(
            Self.difference(found, usual) < Self.rounding, "network \(index), \(memory) bytes")
        }
      }
    }
  }

  @Test func constantsAreSmaller() throws {
    let (network, _) = try Self.network(1)
    func size(_ type: ElementType) throws -> Int {
      try CompiledProgram(network, algorithm: .direct, weights: type).program.header.constantsSize
    }
    let (wide, half, bytes) = (try size(.float32), try size(.float16), try size(.int8))
    #expect(half < wide * 52 / 100 && bytes < wide * 28 / 100)
  }

  /// A layer that is called several times has its weights there once.
  @Test(arguments: [ElementType.float16, .int8])
  func sharedWeightsAreThereOnce(_ type: ElementType) throws {
    func size(calls: Int) throws -> Int {
      let layer = Dense(64, activation: .relu).shared()
      let x = Input([64])
      let y = (0..<calls).reduce(x) { value, _ in layer(value) }
      var network = try Functional(inputs: [x], outputs: [y])
      try network.initializeWeights(seed: 1)
      return try CompiledProgram(network, weights: type).program.header.constantsSize
    }
    // Biases may be there for each call, and of 8 bits what channels are multiplied by and what is added.
    #expect(try size(calls: 5) - size(calls: 2) <= 3 * 3 * 64 * 4)
  }

  // MARK: -

  /// What sums of some hundred products differ by where they are rounded elsewhere, through a few layers, as
  /// a share of the largest: some ten units of the last place. A wrong step or weight is off by far more.
  private static let rounding: Float = 1e-5

  private func run(
    _ network: Network, _ type: ElementType, _ input: Tensor, threads: Int
  ) throws -> [Tensor] {
    let program = try CompiledProgram(
      network, algorithm: .direct, batch: input.shape[0], weights: type)
    #expect(program.wideWeights.isEmpty)
    // Written to a file and read again.
    let bytes = program.flatModel()
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    defer { memory.deallocate() }
    memory.copyBytes(from: bytes)
    let file = try FlatModel(validating: UnsafeRawBufferPointer(memory))
    let read = CompiledProgram(file, keeping: Owner())
    return try Inference(read, batch: input.shape[0], threads: threads).run([input])
  }

  private final class Owner: Sendable {}

  /// The largest difference, as a share of the largest value.
  private static func difference(_ found: Tensor, _ expected: Tensor) -> Float {
    let largest = expected.values.map { abs($0) }.max() ?? 1
    return (zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? .infinity) / largest
  }

  private static func input(_ batch: Int, _ size: [Int]) -> Tensor {
    Tensor(
      shape: [batch] + size,
      values: (0..<batch * size.reduce(1, *)).map { Float(($0 * 37) % 101) / 50 - 1 })
  }

  /// The network with other kernels; biases and the numbers of normalisations are as they were.
  private static func rounded(
    _ network: Network, _ round: (_ values: [Float], _ channel: (Int) -> Int) -> [Float]
  ) throws -> Network {
    var result = network
    for (index, node) in network.nodes.enumerated() {
      guard var weights = node.weights else { continue }
      for position in weights.indices where weights[position].shape.count > 1 {
        let shape = weights[position].shape
        let channel: (Int) -> Int
        if node.layer is Conv2DTranspose {
          channel = { $0 / shape[3] % shape[2] }
        } else if node.layer is DepthwiseConv2D {
          channel = { $0 % (shape[2] * shape[3]) }
        } else {
          channel = { $0 % shape[shape.count - 1] }
        }
        weights[position].values = round(weights[position].values, channel)
      }
      try result.setWeights(weights, ofNode: index)
    }
    return result
  }

  private static func roundedToBytes(_ values: [Float], _ channel: (Int) -> Int) -> [Float] {
    var largest: [Int: Float] = [:]
    for (index, value) in values.enumerated() {
      largest[channel(index)] = max(largest[channel(index)] ?? 0, abs(value))
    }
    return values.enumerated().map { index, value in
      let step = (largest[channel(index)] ?? 0) / 127
      return step > 0 ? (value / step).rounded(.toNearestOrEven) * step : 0
    }
  }

  /// Networks with every kind of convolution, and the sizes of their inputs.
  private static func network(_ index: Int) throws -> (Network, [Int]) {
    var network: Network
    let size: [Int]
    switch index {
    case 0:
      // Groups, strides, dilation, pooling, normalisation, and more channels than a panel's.
      size = [17, 15, 6]
      network = try Sequential(input: Shape(size)) {
        Conv2D(20, kernel: 3, strides: 2, padding: .same, activation: .relu)
        Conv2D(40, kernel: 3, padding: .same, groups: 2)
        BatchNormalization()
        ReLU()
        Conv2D(36, kernel: 3, padding: .same, groups: 4, activation: .relu6)
        Conv2D(70, kernel: 3, padding: .same, dilationRate: 2, activation: .relu)
        MaxPooling2D(2)
        Flatten()
        Dense(10)
      }
    case 1:
      // Long sums.
      size = [9, 9, 70]
      network = try Sequential(input: Shape(size)) {
        Conv2D(130, kernel: 3, activation: .relu)
        Conv2D(33, kernel: 1)
        Flatten()
        Dense(90, activation: .sigmoid)
        Dense(5, activation: .softmax)
      }
    case 2:
      let x = Input([12, 10, 12])
      let a = DepthwiseConv2D(kernel: 3, padding: .same)(x)
      let b = Conv2D(12, kernel: 3, padding: .same, activation: .relu)(a)
      let c = Add()(b, a)
      let d = Conv2DTranspose(7, kernel: 3, strides: 2, padding: .same, activation: .relu)(c)
      let e = DepthwiseConv2D(kernel: 2, depthMultiplier: 3)(d)
      let f = Conv2D(17, kernel: 2, strides: 3)(e)
      size = [12, 10, 12]
      network = try Functional(inputs: [x], outputs: [f])
    case 3:
      // Large enough for a band.
      size = [96, 80, 6]
      network = try Sequential(input: Shape(size)) {
        Conv2D(24, kernel: 1, activation: .relu)
        DepthwiseConv2D(kernel: 3, padding: .same, activation: .relu6)
        Conv2D(8, kernel: 1)
      }
    default:
      // Parts of a concatenation.
      let x = Input([9, 8, 20])
      let a = Conv2D(24, kernel: 1, activation: .relu)(x)
      let b = Conv2D(32, kernel: 3, padding: .same)(a)
      let c = Concatenate()(a, b)
      let d = Conv2D(20, kernel: [3, 1])(c)
      size = [9, 8, 20]
      network = try Functional(inputs: [x], outputs: [d])
    }
    try network.initializeWeights(seed: UInt64(index))
    try network.varyVectors()
    return (network, size)
  }
}
