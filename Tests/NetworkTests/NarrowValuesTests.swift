import CNN
import Kernel
import Testing

@testable import Network

/// Values between layers in 8 bits.
@Suite struct NarrowValuesTests {
  /// What a plain loop in double precision computes of the same rounded weights and values.
  ///
  /// Sums of products of whole numbers are exact in both. What is left are the roundings of 32-bit scales and
  /// shifts, which may take a value that lies between two numbers to the other one: as far as one step, in rare
  /// values. A wrong scale, row or padding is off by far more.
  @Test func aProgramIsTheRoundedNetwork() throws {
    let (network, size) = try Self.network(0)
    let ranges = try Self.ranges(network, size)
    #expect(ranges.largest.count == 3)
    let input = Self.input(3, size)
    let found = try run(network, ranges, input, threads: 1)[0]
    let largestValues = ranges.largest.sorted { $0.key < $1.key }.map { Double($0.value) }
    let count = size.reduce(1, *)
    var expected: [Double] = []
    for item in 0..<3 {
      let values = Array(input.values[item * count..<(item + 1) * count])
      expected += try Self.plain(network, values, largestValues)
    }
    let largest = expected.map { abs($0) }.max() ?? 0
    let differences = zip(found.values, expected).map { abs(Double($0) - $1) / largest }
    #expect(differences.max() ?? 1 < 5e-3)
    #expect(differences.reduce(0, +) / Double(differences.count) < 5e-4)
    // It is not that of 32-bit values.
    let wide = try Inference(
      CompiledProgram(network, algorithm: .direct, weights: .int8), batch: 3
    ).run([input])[0]
    #expect(wide != found)
  }

  /// For any number of threads and pictures. In other memory, and where each layer is asked for, sums of what is no
  /// whole number are rounded elsewhere: that takes few values to the next number, two hundredths of the largest at
  /// most, where a row or a channel out of its place would be another value.
  @Test(arguments: 0..<4)
  func allWaysGiveTheSame(_ index: Int) throws {
    let (network, size) = try Self.network(index)
    let ranges = try Self.ranges(network, size)
    #expect(ranges.count > 0)
    let input = Self.input(3, size)
    let expected = try run(network, ranges, input, threads: 1)
    for memory in [Lowering.usualWidenedSize, 1, 3000, 20000] {
      let first = try run(network, ranges, input, threads: 1, memory: memory)
      #expect(Self.areNear(first, expected), "\(memory) bytes")
      for threads in [2, 3] {
        let found = try run(network, ranges, input, threads: threads, memory: memory)
        #expect(found == first, "\(threads) threads, \(memory) bytes")
      }
    }
    let one = Tensor(
      shape: [1] + size, values: Array(input.values.prefix(size.reduce(1, *))))
    for (found, all) in zip(try run(network, ranges, one, threads: 2), expected) {
      #expect(found.values == Array(all.values.prefix(found.values.count)))
    }
    let taps = network.layerPaths
    let tapped = try run(
      network, Self.ranges(network, size, taps: taps), input, threads: 2, taps: taps)
    #expect(Self.areNear(tapped, expected))
  }

  @Test func memoryIsAFraction() throws {
    let (network, size) = try Self.network(3)
    func arena(_ ranges: ValueRanges?) throws -> Int {
      try Inference(
        CompiledProgram(
          network, algorithm: .direct, weights: .int8, values: ranges,
          widenedSize: Lowering.smallestWidenedSize), threads: 1
      ).arenaSize
    }
    let (bytes, floats) = (try arena(Self.ranges(network, size)), try arena(nil))
    #expect(bytes * 2 < floats)
  }

  /// What nobody reads but convolutions and dense layers: not a value that is added, too, nor one whose reader has
  /// groups, nor the model's own input.
  @Test func whatCannotBeBytesStaysFloats() throws {
    let x = Input([8, 8, 16])
    let a = Conv2D(16, kernel: 3, padding: .same, activation: .relu, name: "added")(x)
    let b = Conv2D(16, kernel: 3, padding: .same, activation: .relu, name: "bytes")(a)
    let c = Conv2D(16, kernel: 3, padding: .same, name: "sum")(b)
    let d = Add()(c, a)
    let e = Conv2D(16, kernel: 1, groups: 2, name: "output")(d)
    var network = try Functional(inputs: [x], outputs: [e])
    try network.initializeWeights(seed: 3)
    let ranges = try Self.ranges(network, [8, 8, 16])
    #expect(ranges.count == 1)
    let program = try CompiledProgram(network, weights: .int8, values: ranges)
    #expect(
      program.operations.filter { $0.kind == "quantization" }.map(\.layers) == [["bytes"]])
  }

  /// Nothing but zeros was seen, or nothing at all.
  @Test func rangesOfNothingAreOfAnyStep() throws {
    let (network, size) = try Self.network(0)
    var observer = try ValueObserver(network)
    observer.observe()
    var ranges = observer.ranges
    for value in ranges.largest.keys { ranges.largest[value] = 0 }
    let outputs = try run(network, ranges, Self.input(1, size), threads: 1)
    #expect(outputs[0].values.allSatisfy { $0.isFinite })
    let none = try ValueObserver(network).ranges
    #expect(none.count == 0)
    let wide = try Inference(CompiledProgram(network, algorithm: .direct, weights: .int8))
      .run([Self.input(1, size)])
    let found = try run(network, none, Self.input(1, size), threads: 1)
    #expect(found == wide)
  }

  // MARK: -

  private static func areNear(_ found: [Tensor], _ expected: [Tensor]) -> Bool {
    zip(found, expected).allSatisfy { found, expected in
      let largest = expected.values.map { abs($0) }.max() ?? 0
      return zip(found.values, expected.values).allSatisfy { abs($0 - $1) <= 0.02 * largest }
    }
  }

  private func run(
    _ network: Network, _ ranges: ValueRanges, _ input: Tensor, threads: Int,
    memory: Int = Lowering.usualWidenedSize, taps: [String] = []
  ) throws -> [Tensor] {
    let program = try CompiledProgram(
      network, taps: Set(taps), batch: input.shape[0], weights: .int8, values: ranges,
      widenedSize: memory)
    return try Inference(program, batch: input.shape[0], threads: threads).run([input])
  }

  private static func ranges(
    _ network: Network, _ size: [Int], taps: [String] = []
  ) throws -> ValueRanges {
    var observer = try ValueObserver(network, taps: Set(taps))
    let input = input(3, size)
    let count = size.reduce(1, *)
    for item in 0..<3 {
      _ = observer.input(0).update(
        fromContentsOf: input.values[item * count..<(item + 1) * count])
      observer.observe()
    }
    return observer.ranges
  }

  private static func input(_ batch: Int, _ size: [Int]) -> Tensor {
    Tensor(
      shape: [batch] + size,
      values: (0..<batch * size.reduce(1, *)).map { Float(($0 * 37) % 101) / 50 - 1 })
  }

  private static func network(_ index: Int) throws -> (Network, [Int]) {
    var network: Network
    let size: [Int]
    switch index {
    case 0:
      // Pooled, not pooled, and dense; the second's values may be negative.
      size = [12, 11, 3]
      network = try Sequential(input: Shape(size)) {
        Conv2D(20, kernel: 3, activation: .relu, name: "first")
        MaxPooling2D(2)
        Conv2D(33, kernel: 3, padding: .same, name: "second")
        Conv2D(18, kernel: 3, padding: .same, activation: .relu, name: "third")
        Flatten()
        Dense(7, name: "last")
      }
    case 1:
      // Depthwise, strides, dilation, more channels than a panel's, another activation, and a normalisation.
      size = [21, 18, 4]
      network = try Sequential(input: Shape(size)) {
        Conv2D(24, kernel: 3, strides: 2, padding: .same, activation: .relu6)
        DepthwiseConv2D(kernel: 3, padding: .same, activation: .relu)
        Conv2D(70, kernel: 1)
        BatchNormalization()
        ReLU()
        DepthwiseConv2D(kernel: 3, strides: 2, padding: .same)
        Conv2D(40, kernel: 3, padding: .same, dilationRate: 2, activation: .sigmoid)
        Conv2D(12, kernel: 3, activation: .tanh)
        MaxPooling2D(2, strides: 1)
        Conv2D(9, kernel: 1)
      }
    case 2:
      // Values with several readers, that are added, and that are outputs.
      let x = Input([12, 10, 12])
      let a = Conv2D(16, kernel: 3, padding: .same, activation: .relu)(x)
      let b = Conv2D(16, kernel: 3, padding: .same, activation: .relu)(a)
      let c = Conv2D(16, kernel: 1)(a)
      let d = Add()(b, c)
      let e = ReLU()(d)
      let f = Conv2D(24, kernel: 3, strides: 2, activation: .relu)(e)
      let g = Conv2D(24, kernel: 3)(f)
      let h = Concatenate()(g, g)
      let i = Conv2D(17, kernel: 2)(h)
      size = [12, 10, 12]
      network = try Functional(inputs: [x], outputs: [i, g])
    default:
      size = [32, 32, 3]
      network = try Sequential(input: Shape(size)) {
        Conv2D(32, kernel: 3, padding: .same, activation: .relu)
        Conv2D(32, kernel: 3, padding: .same, activation: .relu)
        MaxPooling2D(2)
        Conv2D(48, kernel: 3, padding: .same, activation: .relu)
        GlobalAveragePooling2D()
        Dense(10, activation: .softmax)
      }
    }
    try network.initializeWeights(seed: UInt64(index))
    try network.varyVectors()
    return (network, size)
  }

  // MARK: The plain loop

  /// The first network in double precision, with rounded weights, and values rounded to units of a 255th of the
  /// first and third largest magnitudes and a 127th of the second.
  private static func plain(
    _ network: Network, _ input: [Float], _ largest: [Double]
  ) throws -> [Double] {
    func weights(_ name: String) throws -> (kernel: [Double], bias: [Double]) {
      let node = try #require(network.nodes.first { $0.name == name })
      let weights = try #require(node.weights)
      return (
        Self.rounded(weights[0].values, weights[1].values.count), weights[1].values.map(Double.init)
      )
    }
    var map = Map(height: 12, width: 11, channels: 3, values: input.map(Double.init))
    let (first, second, third) = (try weights("first"), try weights("second"), try weights("third"))
    map = map.convolved(first.kernel, first.bias, padding: 0, isCut: true).pooled()
    map.round(to: largest[0] / 255, 0...255)
    map = map.convolved(second.kernel, second.bias, padding: 1, isCut: false)
    map.round(to: largest[1] / 127, -127...127)
    map = map.convolved(third.kernel, third.bias, padding: 1, isCut: true)
    map.round(to: largest[2] / 255, 0...255)
    let last = try weights("last")
    return last.bias.indices.map { output in
      map.values.indices.reduce(last.bias[output]) {
        $0 + map.values[$1] * last.kernel[$1 * last.bias.count + output]
      }
    }
  }

  private static func rounded(_ kernel: [Float], _ channels: Int) -> [Double] {
    let steps = (0..<channels).map { channel in
      stride(from: channel, to: kernel.count, by: channels).reduce(0) { max($0, abs(kernel[$1])) }
        / 127
    }
    return kernel.enumerated().map { index, weight in
      let step = steps[index % channels]
      return Double((weight / step).rounded(.toNearestOrEven)) * Double(step)
    }
  }

  private struct Map {
    var height: Int
    var width: Int
    var channels: Int
    var values: [Double]

    func convolved(_ kernel: [Double], _ bias: [Double], padding: Int, isCut: Bool) -> Map {
      let outputs = bias.count
      var result = Map(
        height: height - 2 + 2 * padding, width: width - 2 + 2 * padding, channels: outputs,
        values: [])
      for y in 0..<result.height {
        for x in 0..<result.width {
          for output in 0..<outputs {
            var sum = bias[output]
            for ky in 0..<3 {
              for kx in 0..<3 {
                let (row, column) = (y + ky - padding, x + kx - padding)
                guard row >= 0, row < height, column >= 0, column < width else { continue }
                for channel in 0..<channels {
                  sum +=
                    values[(row * width + column) * channels + channel]
                    * kernel[((ky * 3 + kx) * channels + channel) * outputs + output]
                }
              }
            }
            result.values.append(isCut ? max(sum, 0) : sum)
          }
        }
      }
      return result
    }

    func pooled() -> Map {
      var result = Map(height: height / 2, width: width / 2, channels: channels, values: [])
      for y in 0..<result.height {
        for x in 0..<result.width {
          for channel in 0..<channels {
            let places = [0, 1, width, width + 1].map {
              ((2 * y * width + 2 * x) + $0) * channels + channel
            }
            result.values.append(places.map { values[$0] }.max() ?? 0)
          }
        }
      }
      return result
    }

    mutating func round(to step: Double, _ range: ClosedRange<Double>) {
      values = values.map {
        min(max(($0 / step).rounded(.toNearestOrEven), range.lowerBound), range.upperBound) * step
      }
    }
  }
}
