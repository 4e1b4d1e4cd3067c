import CNN
import Testing

/// Large values that go through chains of operations, which are executed some rows at a time.
@Suite struct BandTests {
  /// The same bits as where every layer is asked for, and so computed as a whole; on any threads.
  @Test(arguments: 0..<4)
  func rowByRowIsTheSame(_ index: Int) throws {
    let (network, size) = try Self.network(index)
    let count = 2 * size.reduce(1, *)
    let input = Tensor(
      shape: [2] + size, values: (0..<count).map { Float(($0 * 37) % 101) / 50 - 1 })
    let taps = Set(network.layerPaths)
    let whole = try Inference(network, batch: 2, taps: taps, threads: 1, algorithm: .direct)
      .run([input])
    for threads in [1, 2, 3] {
      let inference = try Inference(network, batch: 2, threads: threads, algorithm: .direct)
      for _ in 0..<2 {
        let result = try inference.run([input])
        #expect(result == whole, "\(threads) threads")
      }
      let one = try Inference(network, batch: 1, threads: threads, algorithm: .direct)
      let first = Tensor(shape: [1] + size, values: Array(input.values.prefix(count / 2)))
      let values = try one.run([first])[0].values
      #expect(values == Array(whole[0].values.prefix(values.count)), "\(threads) threads")
    }
  }

  /// A value that goes through a band has no memory of its own, only some rows.
  @Test func largeValuesAreNotKept() throws {
    let (network, _) = try Self.network(0)
    let inference = try Inference(network, threads: 1, algorithm: .direct)
    let largest = 96 * 80 * 24 * 4
    #expect(inference.arenaSize < largest)
    let tapped = try Inference(network, taps: ["wide"], threads: 1, algorithm: .direct)
    #expect(tapped.arenaSize > largest)
  }

  @Test(arguments: [1, 2])
  func everyOperationIsRecorded(threads: Int) throws {
    let (network, _) = try Self.network(1)
    let inference = try Inference(network, batch: 3, threads: threads)
    let events = inference.runRecording()
    #expect(Set(events.map(\.operation)) == Set(inference.operations.indices))
    #expect(events.contains { $0.end == events.map(\.end).max() && $0.operation > 0 })
  }

  /// Networks of windows of many kinds, and the sizes of their inputs.
  private static func network(_ index: Int) throws -> (Network, [Int]) {
    var result: (network: Network, size: [Int])
    switch index {
    case 0:
      result.network = try Sequential(input: [96, 80, 6]) {
        Conv2D(24, kernel: 1, activation: .relu, name: "wide")
        DepthwiseConv2D(kernel: 3, padding: .same, activation: .relu6)
        Conv2D(8, kernel: 1)
      }
      result.size = [96, 80, 6]
    case 1:
      result.network = try Sequential(input: [161, 150, 3]) {
        Conv2D(30, kernel: 3, strides: 2, padding: .same, activation: .relu)
        MaxPooling2D(3, strides: 2)
        Conv2D(11, kernel: 5, padding: .same, dilationRate: 2)
        AveragePooling2D(2, strides: 1, padding: .same)
        Conv2D(7, kernel: 1, strides: 2)
      }
      result.size = [161, 150, 3]
    case 2:
      let x = Input([70, 70, 5])
      let a = Conv2D(12, kernel: 3, padding: .same)(x)
      let b = Conv2D(40, kernel: 1)(a)
      let c = BatchNormalization()(b)
      let d = DepthwiseConv2D(kernel: 5, padding: .same)(c)
      let e = Conv2D(12, kernel: 1)(d)
      let f = Add()(e, a)
      let g = Conv2D(48, kernel: 1, activation: .relu)(f)
      let h = DepthwiseConv2D(kernel: 3, strides: 2)(g)
      let i = Conv2D(9, kernel: 1, activation: .sigmoid)(h)
      result.network = try Functional(inputs: [x], outputs: [i])
      result.size = [70, 70, 5]
    default:
      result.network = try Sequential(input: [150, 90, 4]) {
        Conv2D(16, kernel: 2, groups: 2)
        DepthwiseConv2D(kernel: 3, strides: 1, depthMultiplier: 2)
        Conv2D(20, kernel: 1, strides: 3)
        Conv2D(6, kernel: [3, 1], padding: .same)
      }
      result.size = [150, 90, 4]
    }
    try result.network.initializeWeights(seed: UInt64(index))
    return result
  }
}
