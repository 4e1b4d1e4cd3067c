import CNN

/// One layer to measure, by itself.
struct Workload {
  var name: String
  var network: Network
  /// How its convolution is computed.
  var algorithm = ConvolutionAlgorithm.automatic
  /// The floating-point operations of one run: two for each product of a weight and an input value.
  /// Products with the zeros of the padding are not counted, whether the kernel computes them or
  /// not.
  var operations: Int

  /// A convolution of one square picture.
  static func convolution(
    _ size: Int, _ channels: Int, kernel: Int, filters: Int, padding: Window2D.Padding,
    algorithm: ConvolutionAlgorithm = .automatic
  ) throws -> Workload {
    var network = try Sequential(input: [size, size, channels]) {
      Conv2D(filters, kernel: Size2D(kernel, kernel), padding: padding)
    }
    try network.initializeWeights()
    let taps = tapsInside(size, kernel: kernel, isSame: padding == .same)
    let layout = padding == .same ? "same" : "valid"
    let method = algorithm == .automatic ? "" : " \(algorithm.rawValue)"
    return Workload(
      name: "\(size)x\(size)x\(channels) * \(kernel)x\(kernel) -> \(filters) \(layout)\(method)",
      network: network, algorithm: algorithm, operations: 2 * taps * taps * channels * filters)
  }

  static func dense(_ inputs: Int, _ units: Int) throws -> Workload {
    var network = try Sequential(input: [inputs]) { Dense(units) }
    try network.initializeWeights()
    return Workload(
      name: "dense \(inputs) -> \(units)", network: network, operations: 2 * inputs * units)
  }

  static func all() throws -> [Workload] {
    [
      try convolution(56, 64, kernel: 3, filters: 64, padding: .same),
      try convolution(56, 64, kernel: 3, filters: 64, padding: .same, algorithm: .direct),
      try convolution(58, 64, kernel: 3, filters: 64, padding: .valid),
      try convolution(58, 64, kernel: 3, filters: 64, padding: .valid, algorithm: .direct),
      try convolution(13, 64, kernel: 3, filters: 64, padding: .valid),
      try convolution(28, 1, kernel: 3, filters: 64, padding: .valid),
      try convolution(56, 64, kernel: 1, filters: 256, padding: .valid),
      try convolution(14, 64, kernel: 1, filters: 256, padding: .valid),
      try convolution(150, 3, kernel: 3, filters: 16, padding: .same),
      try dense(1600, 128),
    ]
  }

  /// Along one axis, the number of pairs of an output and a tap of its window that lies inside of
  /// the input.
  private static func tapsInside(_ size: Int, kernel: Int, isSame: Bool) -> Int {
    guard isSame else { return (size - kernel + 1) * kernel }
    let before = (kernel - 1) / 2
    return (0..<size).reduce(0) { sum, output in
      sum + (0..<kernel).count { (0..<size).contains(output - before + $0) }
    }
  }
}
