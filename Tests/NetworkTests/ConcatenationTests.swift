import CNN
import Kernel
import Testing

/// Concatenations into which their parts are written, without a copy.
@Suite struct ConcatenationTests {
  /// The same bits as where every layer is asked for, and so computed by itself and copied.
  @Test(arguments: 0..<7, [ConvolutionAlgorithm.automatic, .direct, .winograd])
  func thePartsAreWhatTheyAreByThemselves(_ index: Int, algorithm: ConvolutionAlgorithm) throws {
    let (network, size) = try Self.network(index)
    let count = 3 * size.reduce(1, *)
    let input = Tensor(
      shape: [3] + size, values: (0..<count).map { Float(($0 * 37) % 101) / 50 - 1 })
    let taps = Set(network.layerPaths)
    for kernels in try InstructionSet.allCases.filter({ $0 <= Processor.best })
      .map({ try Processor.kernels(for: $0) })
    {
      let tapped = try Inference(
        network, batch: 3, taps: taps, kernels: kernels, threads: 1, algorithm: algorithm)
      #expect(tapped.operations.contains { $0.kind == "copy" })
      let copied = try tapped.run([input])
      for threads in [1, 2] {
        let inference = try Inference(
          network, batch: 3, kernels: kernels, threads: threads, algorithm: algorithm)
        #expect(!inference.operations.contains { $0.kind == "copy" })
        #expect(try inference.run([input]) == copied, "\(threads) threads")
        #expect(try inference.run([input]) == copied, "again")
      }
    }
  }

  /// Parts that somebody else reads whole, or that are read twice, and short ones are copied as ever, next to
  /// those that are not.
  @Test func whatCannotBeWrittenInPlaceIsCopied() throws {
    let x = Input([12, 10, 3])
    let seen = Conv2D(16, kernel: 3, padding: .same, name: "seen")(x)
    let short = Conv2D(5, kernel: 1)(x)
    let placed = Conv2D(20, kernel: 3, padding: .same)(x)
    let sum = DepthwiseConv2D(kernel: 3, padding: .same)(x)
    let inner = Concatenate()(short, placed, sum)
    let outer = Concatenate()(inner, seen)
    let twice = Concatenate()(outer, outer)
    let other = Conv2D(4, kernel: 1)(seen)
    var network = try Functional(inputs: [x], outputs: [twice, other])
    try network.initializeWeights(seed: 5)
    let input = Tensor(
      shape: [2, 12, 10, 3], values: (0..<720).map { Float(($0 * 37) % 101) / 50 - 1 })
    let tapped = try Inference(network, batch: 2, taps: Set(network.layerPaths))
    let inference = try Inference(network, batch: 2)
    #expect(try inference.run([input]) == tapped.run([input]))
    // Of the first the short one and the depthwise one, of the second the one that is seen, of the third both.
    #expect(inference.operations.filter { $0.kind == "copy" }.count == 5)
    #expect(tapped.operations.filter { $0.kind == "copy" }.count == 7)
  }

  /// A tapped part is copied, and is what it is elsewhere.
  @Test func aPartThatIsAskedForIsKept() throws {
    let (network, size) = try Self.network(0)
    let input = Tensor(
      shape: [1] + size, values: (0..<size.reduce(1, *)).map { Float(($0 * 37) % 101) / 50 - 1 })
    let plain = try Inference(network).run([input])
    let inference = try Inference(network, taps: ["branch"])
    #expect(try inference.run([input]) == plain)
    let branch = try #require(inference.tap("branch"))
    let all = try network.activations(of: network.layerPaths, input)
    #expect(branch == all["branch"])
    #expect(inference.operations.filter { $0.kind == "copy" }.count == 1)
  }

  /// Networks of concatenations of several kinds, and the sizes of their inputs.
  private static func network(_ index: Int) throws -> (Network, [Int]) {
    let size = [
      [17, 15, 6], [14, 14, 5], [9, 11, 4], [12, 9, 3], [8, 7, 3], [40], [30, 30, 8],
    ][
      index]
    let x = Input(Shape(size))
    var network: Network
    switch index {
    case 0: network = try Functional(inputs: [x], outputs: [inception(x)])
    case 1: network = try Functional(inputs: [x], outputs: [denseBlock(x)])
    case 2:
      // Odd numbers of channels, activations by themselves, one concatenation within another, as an output.
      let a = Conv2D(17, kernel: 3, activation: .sigmoid)(x)
      let b = Conv2D(33, kernel: [3, 1], activation: .tanh)(Conv2D(5, kernel: [1, 3])(x))
      let c = MaxPooling2D(3, strides: 1)(Conv2D(19, kernel: 1)(x))
      let inner = Concatenate()(a, b)
      let d = AveragePooling2D(3, strides: 1)(Conv2D(18, kernel: 1)(x))
      network = try Functional(inputs: [x], outputs: [Concatenate()(c, inner, d)])
    case 3:
      // Along the height and the width.
      let a = Conv2D(7, kernel: 3, padding: .same)(x)
      let b = Conv2D(7, kernel: 1, activation: .relu)(x)
      let c = Conv2D(7, kernel: [1, 3], strides: [1, 3], padding: .same)(x)
      let high = Concatenate(axis: 1)(a, b)
      let wide = Concatenate(axis: 2)(Conv2D(7, kernel: 5, padding: .same)(x), c)
      network = try Functional(
        inputs: [x], outputs: [Conv2D(3, kernel: 1)(high), Conv2D(3, kernel: 3)(wide)])
    case 4:
      // Detections of several scales, each a list.
      let a = Reshape([56, 4])(Conv2D(4, kernel: 3, padding: .same)(x))
      let b = Reshape([21, 4])(MaxPooling2D(2)(Conv2D(7, kernel: 3, padding: .same)(x)))
      let c = Reshape([56, 4])(Conv2D(4, kernel: 1, activation: .sigmoid)(x))
      network = try Functional(inputs: [x], outputs: [Concatenate(axis: 1)(a, b, c)])
    case 5:
      let a = Dense(16, activation: .relu)(x)
      let b = Dense(130)(x)
      let c = BatchNormalization()(Dense(40, activation: .tanh)(x))
      network = try Functional(inputs: [x], outputs: [Dense(9)(Concatenate()(a, b, c))])
    default:
      // Poolings behind convolutions, and many channels, which are computed in slices.
      let a = MaxPooling2D(2)(Conv2D(100, kernel: 3, padding: .same, activation: .relu)(x))
      let b = MaxPooling2D(2)(Conv2D(30, kernel: 5, padding: .same)(x))
      let c = MaxPooling2D(2)(Conv2D(200, kernel: 1)(x))
      network = try Functional(inputs: [x], outputs: [Conv2D(8, kernel: 1)(Concatenate()(a, b, c))])
    }
    try network.initializeWeights(seed: UInt64(index))
    return (network, size)
  }

  /// The first block of GoogLeNet's kind, smaller.
  private static func inception(_ x: SymbolicTensor) -> SymbolicTensor {
    let one = Conv2D(24, kernel: 1, activation: .relu, name: "branch")(x)
    let three = Conv2D(32, kernel: 3, padding: .same, activation: .relu)(
      Conv2D(9, kernel: 1, activation: .relu)(x))
    let five = Conv2D(16, kernel: 5, padding: .same, activation: .relu)(
      Conv2D(7, kernel: 1, activation: .relu)(x))
    let pooled = Conv2D(21, kernel: 1)(MaxPooling2D(3, strides: 1, padding: .same)(x))
    return Conv2D(10, kernel: 3)(Concatenate()(one, three, five, pooled))
  }

  /// Every layer reads all before it, as in DenseNet.
  private static func denseBlock(_ x: SymbolicTensor) -> SymbolicTensor {
    var all = MaxPooling2D(3, strides: 1, padding: .same)(Conv2D(32, kernel: 3, padding: .same)(x))
    for _ in 0..<6 {
      let normal = ReLU()(BatchNormalization()(all))
      let narrow = ReLU()(BatchNormalization()(Conv2D(24, kernel: 1, useBias: false)(normal)))
      all = Concatenate()(all, Conv2D(16, kernel: 3, padding: .same, useBias: false)(narrow))
    }
    return GlobalAveragePooling2D()(ReLU()(BatchNormalization()(all)))
  }
}
