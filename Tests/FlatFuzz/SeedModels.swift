import Kernel
import Network

/// Small models that have every kind of operation between them.
func seedModels() throws -> [[UInt8]] {
  var plain = try Sequential(input: [8, 8, 3]) {
    Conv2D(5, kernel: 3, padding: .same, activation: .relu)
    MaxPooling2D(2)
    Conv2D(16, kernel: 3, padding: .same, activation: .relu)
    DepthwiseConv2D(kernel: 3, padding: .same)
    BatchNormalization()
    Conv2D(16, kernel: 3, padding: .same, activation: .sigmoid)
    Flatten()
    Dense(4, activation: .softmax)
  }
  try plain.initializeWeights(seed: 1)

  let input = Input([8, 8, 4])
  let first = Conv2D(16, kernel: 1, activation: .relu, name: "first")(input)
  let second = DepthwiseConv2D(kernel: 3, padding: .same, name: "second")(input)
  let third = Conv2D(16, kernel: 3, padding: .same, name: "third")(first)
  let joined = Concatenate(name: "joined")(first, third)
  let sum = Add(name: "sum")(first, third)
  let turned = Conv2DTranspose(4, kernel: 3, strides: 2, padding: .same, name: "turned")(sum)
  let mean = GlobalAveragePooling2D(name: "mean")(joined)
  var branched = try Functional(inputs: [input], outputs: [mean, turned, second])
  try branched.initializeWeights(seed: 2)

  return try [plain, branched].flatMap { network in
    try [ConvolutionAlgorithm.direct, .winograd].map {
      try CompiledProgram(network, taps: [], algorithm: $0).flatModel()
    }
      + [ElementType.float16, .int8].map {
        try CompiledProgram(network, weights: $0, widenedSize: 2048).flatModel()
      }
      + [1, 2048].map { memory in
        var observer = try ValueObserver(network)
        observer.input(0).update(repeating: 0.5)
        observer.observe()
        return try CompiledProgram(
          network, weights: .int8, values: observer.ranges, widenedSize: memory
        ).flatModel()
      }
  }
}
