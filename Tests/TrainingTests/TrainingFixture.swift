import DataFiles
import Foundation
import Loader
import Network
import Training

/// What Keras makes of weights and batches that follow from formulas; see `Tests/Fixtures/README.md`.
enum TrainingFixture {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/training").path()

  /// The arrays of an `.npz` file by their names.
  static func arrays(_ name: String) throws -> [String: Tensor] {
    let file = "\(folder)/\(name).npz"
    let arrays = try NPZ.tensors(from: FileBytes.read(file), named: file)
    return Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.tensor) })
  }

  // MARK: The formulas of make_training.py

  /// Numbers in [0, 1) in steps of 2⁻²⁴: SplitMix64's outputs for states that count on from
  /// array · 2⁴⁰.
  static func uniform(_ array: Int, count: Int) -> [Double] {
    (0..<UInt64(count)).map { index in
      var z = (UInt64(array) << 40 &+ index &+ 1) &* 0x9e37_79b9_7f4a_7c15
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      z ^= z >> 31
      return Double(z >> 40) / 0x1p24
    }
  }

  /// Numbers in [−scale, scale).
  static func signed(_ array: Int, _ shape: [Int], scale: Float = 1) -> Tensor {
    let values = uniform(array, count: shape.reduce(1, *))
    return Tensor(shape: shape, values: values.map { scale * Float(2 * $0 - 1) })
  }

  /// A weight: kernels as Glorot's, others within ±0.1 of zero, or of one.
  static func initial(_ number: Int, _ weight: WeightSpecification) -> Tensor {
    let shape = weight.shape
    let signed = uniform(number, count: weight.count).map { 2 * $0 - 1 }
    if weight.name == "gamma" || weight.name == "moving_variance" {
      return Tensor(shape: shape, values: signed.map { Float(1 + 0.1 * $0) })
    }
    var limit = 0.1
    if shape.count > 1 {
      let fans = shape.suffix(2).reduce(0, +) * shape.dropLast(2).reduce(1, *)
      limit = (6 / Double(fans)).squareRoot()
    }
    return Tensor(shape: shape, values: signed.map { Float(limit * $0) })
  }

  /// Gives all layers the weights that Keras began with.
  static func initialize(_ network: inout Network) throws {
    var number = 0
    for node in network.nodes.indices {
      let weights = try network.weightSpecifications(ofNode: node).map { weight in
        defer { number += 1 }
        return initial(number, weight)
      }
      try network.setWeights(weights, ofNode: node)
    }
  }

  /// The elements of an array that are stored: at most 2000, evenly apart, which go through all places of
  /// the last axis.
  static func sample(_ tensor: Tensor) -> [Float] {
    func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
    var stride = (tensor.values.count + 1999) / 2000
    while let last = tensor.shape.last, divisor(stride, last) > 1 { stride += 1 }
    return Swift.stride(from: 0, to: tensor.values.count, by: max(stride, 1))
      .map { tensor.values[$0] }
  }
}

/// Ten steps of Keras's `train_on_batch` with each optimizer on one of five networks.
struct StepsFixture: Sendable {
  let name: String
  let batchSize: Int
  let loss: Loss
  /// Of the batches; see `make_training.py`.
  var seed = 1
  /// Of the batches of an optimizer, where it needs others.
  var ownSeeds: [String: Int] = [:]

  static let all = [
    StepsFixture(name: "conv10", batchSize: 8, loss: .sparseCategoricalCrossentropy),
    StepsFixture(
      name: "mnist-two-convolutions", batchSize: 8, loss: .sparseCategoricalCrossentropy),
    StepsFixture(
      name: "fashion-mnist", batchSize: 8, loss: .sparseCategoricalCrossentropy,
      ownSeeds: ["adagrad": 2]),
    StepsFixture(name: "mnist-5x5", batchSize: 8, loss: .categoricalCrossentropy),
    StepsFixture(
      name: "cats-and-dogs", batchSize: 2, loss: .binaryCrossentropy(fromLogits: true), seed: 19,
      ownSeeds: ["adagrad": 21, "nadam": 22]),
  ]

  static let stepCount = 10

  /// Keras's defaults, but for what would hardly move in ten steps.
  static let optimizers: [(name: String, optimizer: Optimizer)] = [
    ("sgd", .sgd()),
    ("nesterov", .sgd(momentum: 0.9, nesterov: true)),
    ("rmsprop", .rmsprop()),
    ("adam", .adam()),
    ("adamw", .adamW()),
    ("adagrad", .adagrad(learningRate: 0.01)),
    ("adadelta", .adadelta(learningRate: 1)),
    ("nadam", .nadam()),
  ]

  /// Settings that the first network is trained with besides.
  private static let more: [(name: String, optimizer: Optimizer)] = [
    ("sgd_clipnorm", .sgd(learningRate: 0.1, clipping: .norm(0.1))),
    (
      "momentum_global_clipnorm",
      .sgd(learningRate: 0.05, momentum: 0.9, clipping: .globalNorm(0.5))
    ),
    ("amsgrad", .adam(beta2: 0.5, amsgrad: true)),
    ("adamw_amsgrad", .adamW(beta2: 0.5, amsgrad: true, clipping: .norm(0.2))),
    ("rmsprop_centered", .rmsprop(centered: true)),
    ("rmsprop_centered_momentum", .rmsprop(momentum: 0.5, centered: true)),
  ]

  var optimizers: [(name: String, optimizer: Optimizer)] {
    Self.optimizers + (name == "conv10" ? Self.more : [])
  }

  /// The network with the weights that training begins with.
  func network() throws -> Network {
    var network = try Network(architectureOf: "\(TrainingFixture.folder)/\(name).json")
    try TrainingFixture.initialize(&network)
    return network
  }

  /// What a step trains with: pictures, and numbers of classes, one-hot vectors, or zeros and ones.
  func batch(
    step: Int, of network: Network, optimizer: String
  ) -> (input: Tensor, target: Tensor) {
    let seed = ownSeeds[optimizer] ?? seed
    let shape = [batchSize] + network.inputShapes[0].sizes.compactMap { $0 }
    let pixels = TrainingFixture.uniform(1000 * seed + step, count: shape.reduce(1, *))
    let input = Tensor(shape: shape, values: pixels.map { Float($0) })
    let numbers = TrainingFixture.uniform(1000 * seed + 500 + step, count: batchSize)
    func classes(_ count: Double) -> [Int] { numbers.map { Int($0 * count) } }
    switch loss.function {
    case .binaryCrossentropy:
      return (input, Tensor(shape: [batchSize, 1], values: classes(2).map { Float($0) }))
    case .categoricalCrossentropy:
      let oneHot = classes(10).flatMap { label in (0..<10).map { Float($0 == label ? 1 : 0) } }
      return (input, Tensor(shape: [batchSize, 10], values: oneHot))
    default:
      return (input, Tensor(shape: [batchSize], values: classes(10).map { Float($0) }))
    }
  }

  /// The losses of the steps and `sample`s of the weights behind them, in Keras's order, by the names of the
  /// optimizers.
  func expected() throws -> [String: (losses: [Float], weights: [[Float]])] {
    let arrays = try TrainingFixture.arrays(name)
    var result: [String: (losses: [Float], weights: [[Float]])] = [:]
    for (optimizer, _) in optimizers {
      var weights: [[Float]] = []
      while let weight = arrays["\(optimizer)/\(weights.count)"] { weights.append(weight.values) }
      result[optimizer] = (arrays["\(optimizer)/losses"]?.values ?? [], weights)
    }
    return result
  }
}

/// The gradients of a network of one layer, in training: of Σ output · factor.
struct GradientFixture: Sendable {
  let name: String

  static let batchSize = 3

  static let names = {
    let files = try? FileManager.default.contentsOfDirectory(
      atPath: "\(TrainingFixture.folder)/gradients")
    return (files ?? []).map { String($0.dropLast(".json".count)) }.sorted()
  }()

  /// The network with the weights that the gradients are asked at.
  func network() throws -> Network {
    var network = try Network(architectureOf: "\(TrainingFixture.folder)/gradients/\(name).json")
    try TrainingFixture.initialize(&network)
    return network
  }

  func inputs(of network: Network) -> [Tensor] {
    network.inputShapes.enumerated().map { number, shape in
      TrainingFixture.signed(
        100 + number, [Self.batchSize] + shape.sizes.compactMap { $0 }, scale: 4)
    }
  }

  /// What the output is multiplied by, which is the gradient of the output.
  func factors(of network: Network) -> Tensor {
    TrainingFixture.signed(
      200, [Self.batchSize] + network.outputShapes[0].sizes.compactMap { $0 })
  }

  /// `sample`s by their names: `output`, the gradients `input0`, `input1` … and those of the weights
  /// under Keras's names; of weights that are not trained, moving averages, their new values.
  static let expected: [String: [String: [Float]]] = {
    guard let arrays = try? TrainingFixture.arrays("gradients") else { return [:] }
    var result: [String: [String: [Float]]] = [:]
    for (path, values) in arrays {
      let parts = path.split(separator: "/").map(String.init)
      result[parts[0], default: [:]][parts[1]] = values.values
    }
    return result
  }()
}
