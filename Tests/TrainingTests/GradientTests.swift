import CNN
import Kernel
import Testing

/// Gradients against central differences of the loss, in single precision: within a few thousandths.
@Suite struct GradientTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var objective: LossFunction
    var network: Network
  }

  /// Smooth networks: where a ReLU or a maximum changes sides between two points, differences are no
  /// gradients.
  static func cases() throws -> [Case] {
    let classes = LossFunction.sparseCrossEntropyOfProbabilities
    let normalization = try LayerNormalization(
      LayerConfiguration(className: "LayerNormalization", values: [:]))
    return [
      Case(
        testDescription: "dense", objective: classes,
        network: try Sequential(input: [6]) {
          Dense(5, activation: .tanh)
          Dense(4, activation: .softmax)
        }),
      Case(
        testDescription: "strides and padding", objective: classes,
        network: try Sequential(input: [7, 6, 2]) {
          Conv2D(5, kernel: 3, activation: .sigmoid)
          Conv2D(4, kernel: 3, strides: 2, padding: .same, activation: .tanh)
          Flatten()
          Dense(4, activation: .softmax)
        }),
      Case(
        testDescription: "Winograd", objective: classes,
        network: try Sequential(input: [9, 9, 3]) {
          Conv2D(20, kernel: 3, padding: .same, activation: .tanh)
          Conv2D(33, kernel: 3, padding: .same, activation: .tanh)
          AveragePooling2D(2)
          Flatten()
          Dense(4, activation: .softmax)
        }),
      Case(
        testDescription: "depthwise and separable", objective: classes,
        network: try Sequential(input: [8, 8, 3]) {
          DepthwiseConv2D(kernel: 3, activation: .tanh)
          SeparableConv2D(7, kernel: 3, activation: .tanh)
          ZeroPadding2D(1)
          Flatten()
          Dense(4, activation: .softmax)
        }),
      Case(
        testDescription: "transposed", objective: classes,
        network: try Sequential(input: [4, 5, 3]) {
          Conv2DTranspose(5, kernel: 3, strides: 2, padding: .same, activation: .tanh)
          Conv2DTranspose(4, kernel: 3, activation: .tanh)
          Flatten()
          Dense(4, activation: .softmax)
        }),
      // Nothing in front of it has weights, which would move values over its kink.
      Case(
        testDescription: "slopes that are learned", objective: classes,
        network: try Sequential(input: [5, 4, 3]) {
          PReLU(sharedAxes: [1])
          Flatten()
          Dense(4, activation: .softmax)
        }),
      Case(
        testDescription: "layer normalisation", objective: classes,
        network: try Sequential(input: [6, 5, 3]) {
          Conv2D(6, kernel: 3, activation: .tanh)
          normalization
          Flatten()
          Dense(4, activation: .softmax)
        }),
      Case(
        testDescription: "batch normalisation", objective: classes,
        network: try Sequential(input: [6, 6, 2]) {
          Conv2D(6, kernel: 3)
          BatchNormalization()
          GlobalAveragePooling2D()
          Dense(4, activation: .softmax)
        }),
      Case(
        testDescription: "squared error behind upsampling", objective: .squaredError,
        network: try Sequential(input: [5, 5, 3]) {
          Conv2D(4, kernel: 3, activation: .tanh)
          UpSampling2D(2)
          Flatten()
          Dense(3, activation: .sigmoid)
        }),
    ]
  }

  @Test(arguments: try cases()) func areThoseOfDifferences(_ one: Case) throws {
    var network = one.network
    try network.initializeWeights(seed: 3)
    let task = try Task(network, one.objective)
    let session = try TrainingSession(task.program(network, rule: .descent))
    // A rate of zero leaves the weights as they are.
    for index in session.program.variables.indices {
      session.setNumbers(Self.numbers(rate: 0), ofVariable: index)
    }
    _ = try task.run(session)
    for (index, variable) in session.program.variables.enumerated() where variable.isTrainable {
      let gradient = try #require(session.gradient(index))
      for place in [0, gradient.values.count / 2, gradient.values.count - 1] {
        let step: Float = 1e-2
        let more = try task.loss(network, variable, place, step)
        let less = try task.loss(network, variable, place, -step)
        let difference = (more - less) / Double(2 * step)
        let error = abs(difference - Double(gradient.values[place]))
        #expect(
          error <= 2e-3 * max(1, abs(difference)),
          "\(variable.layer).\(variable.name)[\(place)]: \(gradient.values[place]), \(difference)")
      }
    }
  }

  /// Many steps, two numbers of threads: the same weights bit for bit, and a smaller loss.
  @Test func stepsDoNotDependOnTheNumberOfThreads() throws {
    var network = try Sequential(input: [12, 12, 1]) {
      Conv2D(20, kernel: 3, activation: .relu)
      MaxPooling2D(2)
      Dropout(0.2)
      Conv2D(24, kernel: 3, activation: .relu)
      MaxPooling2D(2)
      Flatten()
      Dense(4, activation: .softmax)
    }
    try network.initializeWeights(seed: 5)
    let task = try Task(network, .sparseCrossEntropyOfProbabilities, batch: 20)
    let results = try [1, 2].map { threads in
      let session = try TrainingSession(task.program(network, rule: .adam), threads: threads)
      var losses: [Double] = []
      for step in 0..<30 {
        for index in session.program.variables.indices {
          session.setNumbers(Self.numbers(rate: 1e-2), ofVariable: index)
        }
        session.setSeed(UInt64(step))
        losses.append(try task.run(session))
      }
      return (losses, session.program.variables.indices.map { session.weight($0) })
    }
    #expect(results[0].0 == results[1].0)
    #expect(results[0].1 == results[1].1)
    #expect(results[0].0[29] < 0.5 * results[0].0[0])
  }

  private static func numbers(rate: Float) -> [Float] {
    var numbers = [Float](repeating: 0, count: UpdateNumber.count)
    numbers[UpdateNumber.rate.rawValue] = rate
    numbers[UpdateNumber.decay.rawValue] = 1
    numbers[UpdateNumber.secondKept.rawValue] = 0.999
    numbers[UpdateNumber.firstTaken.rawValue] = 0.1
    numbers[UpdateNumber.secondTaken.rawValue] = 0.001
    numbers[UpdateNumber.epsilon.rawValue] = 1e-7
    numbers[UpdateNumber.clip.rawValue] = .infinity
    numbers[UpdateNumber.scale.rawValue] = 1
    return numbers
  }
}

/// A batch that a network is trained with.
private struct Task {
  let objective: LossFunction
  let batch: Int
  let inputs: [Float]
  let targets: [Float]
  let weights: [Float]

  init(_ network: Network, _ objective: LossFunction, batch: Int = 5) throws {
    self.objective = objective
    self.batch = batch
    let count = try #require(network.inputShapes[0].known).reduce(batch, *)
    let outputs = try #require(network.outputShapes[0].known).reduce(1, *)
    inputs = (0..<count).map { Float($0 * 7919 % 1013) / 1013 - 0.5 }
    targets =
      objective.isSparse
      ? (0..<batch).map { Float($0 % outputs) }
      : (0..<batch * outputs).map { Float($0 * 31 % 17) / 17 }
    weights = (0..<batch).map { Float($0 + 1) / Float(4 * batch) }
  }

  func program(_ network: Network, rule: UpdateRule?) throws -> TrainingProgram {
    try TrainingProgram(network, objective: .init(objective), rule: rule, batch: batch)
  }

  /// One step; the sum of the weighted losses.
  func run(_ session: TrainingSession) throws -> Double {
    let result = try inputs.withUnsafeBufferPointer {
      try session.run(
        count: batch, inputs: [try #require($0.baseAddress)], targets: targets, weights: weights)
    }
    return zip(result.losses, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// The loss with one weight moved.
  func loss(
    _ network: Network, _ variable: TrainingProgram.Variable, _ place: Int, _ step: Float
  ) throws -> Double {
    var moved = network
    let node = try #require(moved.nodes.firstIndex { $0.name == variable.layer })
    var weights = try #require(moved.nodes[node].weights)
    weights[variable.index].values[place] += step
    try moved.setWeights(weights, ofNode: node)
    return try run(TrainingSession(program(moved, rule: nil)))
  }
}
