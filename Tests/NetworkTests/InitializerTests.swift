import CNN
import Testing

@Suite struct InitializerTests {
  /// Numbers that are the same in every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64 = 1
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  private func values(_ initializer: Initializer, _ shape: [Int]) throws -> [Double] {
    var generator = Generator()
    let tensor = try initializer.tensor(shape, using: &generator)
    #expect(tensor.shape == shape)
    return tensor.values.map { Double($0) }
  }

  private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)
    return (mean, variance.squareRoot())
  }

  @Test func fansAreKeras() {
    #expect(Initializer.Fans([3, 3, 16, 32]) == fans(144, 288))
    // A depthwise kernel.
    #expect(Initializer.Fans([3, 3, 16, 1]) == fans(144, 9))
    #expect(Initializer.Fans([100, 10]) == fans(100, 10))
    #expect(Initializer.Fans([7]) == fans(7, 7))
    #expect(Initializer.Fans([]) == fans(1, 1))
  }

  private func fans(_ input: Int, _ output: Int) -> Initializer.Fans {
    var fans = Initializer.Fans([1])
    (fans.input, fans.output) = (input, output)
    return fans
  }

  /// Of a kernel with fans of 576 and 1152: the deviation, and the largest value where there is a limit.
  private static let scaled: [(initializer: Initializer, variance: Double, isUniform: Bool)] = [
    (.glorotUniform, 1.0 / 864, true), (.glorotNormal, 1.0 / 864, false),
    (.heUniform, 2.0 / 576, true), (.heNormal, 2.0 / 576, false),
    (.lecunUniform, 1.0 / 576, true), (.lecunNormal, 1.0 / 576, false),
    (
      .varianceScaling(scale: 3, mode: .fanOut, distribution: .untruncatedNormal), 3.0 / 1152,
      false
    ),
  ]

  @Test(arguments: scaled)
  func varianceIsScaled(_ initializer: Initializer, _ variance: Double, _ isUniform: Bool) throws {
    let values = try values(initializer, [3, 3, 64, 128])
    let (mean, deviation) = moments(values)
    let expected = variance.squareRoot()
    #expect(abs(mean) < 0.01 * expected)
    #expect(abs(deviation / expected - 1) < 0.01)
    let largest = values.map(abs).max() ?? 0
    if isUniform {
      #expect(largest <= 3.0.squareRoot() * expected * (1 + 1e-6))
      #expect(largest > 1.73 * expected)
    } else if case .varianceScaling(_, _, .truncatedNormal) = initializer {
      #expect(largest <= 2.2738 * expected)
      #expect(largest > 2.26 * expected)
    }
  }

  @Test func plainDistributions() throws {
    let normal = moments(try values(.randomNormal(mean: 1, deviation: 0.5), [100_000]))
    #expect(abs(normal.mean - 1) < 0.01 && abs(normal.deviation - 0.5) < 0.005)
    let uniform = try values(.randomUniform(minimum: 2, maximum: 4), [100_000])
    #expect(abs(moments(uniform).mean - 3) < 0.01)
    #expect(uniform.allSatisfy { (2...4).contains($0) })
    let truncated = try values(.truncatedNormal(), [100_000])
    #expect(truncated.allSatisfy { abs($0) <= 0.1 })
    #expect(try values(.constant(0.5), [3]) == [0.5, 0.5, 0.5])
    #expect(try values(.zeros, [2]) == [0, 0])
    #expect(try values(.ones, []) == [1])
    #expect(try values(.identity(gain: 2), [2, 3]) == [2, 0, 0, 0, 2, 0])
  }

  @Test(arguments: [[20, 12], [12, 20], [3, 3, 4, 30]])
  func orthogonal(_ shape: [Int]) throws {
    let columns = shape[shape.count - 1]
    let rows = shape.dropLast().reduce(1, *)
    let matrix = try values(.orthogonal(gain: 2), shape)
    func vector(_ index: Int) -> [Double] {
      rows >= columns
        ? (0..<rows).map { matrix[$0 * columns + index] }
        : Array(matrix[index * columns..<(index + 1) * columns])
    }
    for a in 0..<min(rows, columns) {
      for b in 0..<min(rows, columns) {
        let product = zip(vector(a), vector(b)).map { $0 * $1 }.reduce(0, +)
        #expect(abs(product - (a == b ? 4 : 0)) < 1e-5)
      }
    }
  }

  @Test func shapesThatDoNotFit() {
    var generator = Generator()
    #expect(throws: LayerError.self) { try Initializer.orthogonal().tensor([3], using: &generator) }
    #expect(throws: LayerError.self) {
      try Initializer.identity().tensor([3, 3, 1], using: &generator)
    }
  }

  @Test func theSameSeedGivesTheSameWeights() throws {
    var network = try Sequential(input: [28, 28, 1]) {
      Conv2D(4, kernel: 3)
      Flatten()
      Dense(10)
    }
    network.setOptions(WeightOptions(initializers: ["kernel": .heNormal]), ofNode: 1)
    var (other, third) = (network, network)
    try network.initializeWeights(seed: 7)
    try other.initializeWeights(seed: 7)
    try third.initializeWeights(seed: 8)
    #expect(network.nodes[1].weights == other.nodes[1].weights)
    #expect(network.nodes[3].weights == other.nodes[3].weights)
    #expect(network.nodes[1].weights != third.nodes[1].weights)
  }

  @Test(arguments: [
    Initializer.zeros, .ones, .constant(0.25), .identity(gain: 2),
    .randomUniform(minimum: -1, maximum: 2), .randomNormal(mean: 1, deviation: 2),
    .truncatedNormal(mean: 1, deviation: 2), .orthogonal(gain: 3), .glorotUniform, .glorotNormal,
    .heUniform, .heNormal, .lecunUniform, .lecunNormal,
    .varianceScaling(scale: 2, mode: .fanOut, distribution: .untruncatedNormal),
  ])
  func readsWhatItWrites(_ initializer: Initializer) throws {
    for version in [2, 3] {
      let value = initializer.configuration(kerasMajorVersion: version)
      #expect(try Initializer(configuration: value) == initializer)
    }
  }

  @Test func names() throws {
    #expect(try Initializer(configuration: .string("he_normal")) == .heNormal)
    #expect(try Initializer(configuration: .string("uniform")) == .randomUniform())
    #expect(try Regularizer(configuration: .string("l2")) == Regularizer(l2: 0.01))
    let both = LayerConfiguration.Value.object([
      "class_name": .string("L1L2"),
      "config": .object(["l1": .number(0.5), "l2": .number(0.25)]),
    ])
    #expect(try Regularizer(configuration: both) == Regularizer(l1: 0.5, l2: 0.25))
    #expect(
      throws: LayerError("the initializer 'mine' is not known; expected one of Keras's")
    ) { try Initializer(configuration: .string("mine")) }
  }

  @Test func optionsGoByTheWeightsNames() {
    let options = WeightOptions([
      "depthwise_initializer": .string("he_normal"), "bias_initializer": .string("ones"),
      "kernel_regularizer": .string("l1"), "activity_regularizer": .string("l2"),
    ])
    #expect(options.initializer(WeightSpecification("depthwise_kernel", [1])) == .heNormal)
    #expect(options.initializer(WeightSpecification("bias", [1])) == .ones)
    #expect(options.initializer(WeightSpecification("gamma", [1], initializer: .ones)) == .ones)
    #expect(options.regularizer(WeightSpecification("kernel", [1])) == Regularizer(l1: 0.01))
    #expect(options.regularizer(WeightSpecification("bias", [1])) == nil)
  }
}
