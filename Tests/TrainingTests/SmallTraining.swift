import Network
import Testing
import Training

/// A small network with all that is random or has a state of its own, and data for it.
enum SmallTraining {
  static let optimizer = Optimizer.adam(learningRate: 0.01)
  static let loss = Loss.sparseCategoricalCrossentropy

  static func network() throws -> Network {
    var network = try Sequential(input: [8, 8, 1]) {
      Conv2D(4, kernel: 3, activation: .relu)
      BatchNormalization()
      Dropout(0.3)
      MaxPooling2D(2)
      Flatten()
      Dense(3, activation: .softmax)
    }
    try network.initializeWeights(seed: 3)
    return network
  }

  /// Pictures of three classes.
  ///
  /// - Parameter seed: Of the numbers.
  static func items(_ count: Int, seed: Int = 300) throws -> ArrayDataSet {
    let classes = TrainingFixture.uniform(seed + 1, count: count).map { Float(Int($0 * 3)) }
    return try ArrayDataSet(
      inputs: TrainingFixture.signed(seed, [count, 8, 8, 1]),
      targets: Tensor(shape: [count], values: classes))
  }

  static func trainer(batchSize: Int = 4, seed: UInt64 = 5) throws -> Trainer {
    try Trainer(
      try network(), optimizer: optimizer, loss: loss, batchSize: batchSize, seed: seed, threads: 2)
  }
}
