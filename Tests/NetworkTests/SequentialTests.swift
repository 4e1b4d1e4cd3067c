import CNN
import Testing

@Suite struct SequentialTests {
  @Test func readsAsInKerasAndInfersShapes() throws {
    let network = try Sequential(input: [28, 28, 1]) {
      Conv2D(64, kernel: 3, activation: .relu)
      MaxPooling2D(2)
      Conv2D(64, kernel: 3, activation: .relu)
      MaxPooling2D(2)
      Flatten()
      Dense(128, activation: .relu)
      Dense(10, activation: .softmax)
    }
    #expect(
      network.layerPaths == [
        "conv2d", "max_pooling2d", "conv2d_1", "max_pooling2d_1", "flatten", "dense", "dense_1",
      ])
    #expect(network.outputShapes == [[10]])
    #expect(try network.parameterCount() == (trainable: 243_786, fixed: 0))
    #expect(
      network.listedNodes.compactMap { network.firstCall(ofNode: $0)?.outputShapes.first } == [
        [26, 26, 64], [13, 13, 64], [11, 11, 64], [5, 5, 64], [1600], [128], [10],
      ])
  }

  @Test func runsOnceItHasWeights() throws {
    var network = try Sequential(input: [6, 6, 2]) {
      ZeroPadding2D(1)
      DepthwiseConv2D(kernel: 3)
      BatchNormalization()
      ReLU()
      GlobalAveragePooling2D()
      Dense(3, activation: .softmax)
    }
    let input = Tensor(shape: [2, 6, 6, 2], values: (0..<144).map { Float($0 % 7) })
    #expect {
      try network.predict(input)
    } throws: {
      "\($0)".contains("layer 'depthwise_conv2d' (DepthwiseConv2D): it has no weights")
    }
    try network.initializeWeights(seed: 3)
    let output = try network.predict(input)[0]
    #expect(output.shape == [2, 3])
    for row in 0..<2 {
      #expect(abs(output.values[row * 3..<row * 3 + 3].reduce(0, +) - 1) < 1e-6)
    }
    var again = network
    try again.initializeWeights(seed: 4)
    #expect(try again.predict(input)[0] == output, "weights that are there stay")
  }

  /// Keras's `same`: where the number of zeros is odd, the larger half is at the bottom and right.
  @Test func samePaddingIsAsymmetric() throws {
    var network = try Sequential(input: [4, 4, 1]) {
      Conv2D(1, kernel: 2, strides: 2, padding: .same, useBias: false, name: "even")
      Conv2D(1, kernel: 2, padding: .same, useBias: false, name: "shifted")
    }
    let corner = Tensor(shape: [2, 2, 1, 1], values: [1, 0, 0, 1])
    try network.setWeights([corner], ofNode: 1)
    try network.setWeights([corner], ofNode: 2)
    let input = Tensor(shape: [1, 4, 4, 1], values: (1...16).map { Float($0) })
    let layers = try network.activations(of: ["even", "shifted"], input)
    // 1 + 6, 3 + 8, 9 + 14, 11 + 16, then 7 + 27 and three with zeros at the bottom or right.
    #expect(layers["even"]?.values == [7, 11, 23, 27])
    #expect(layers["shifted"]?.values == [34, 11, 23, 27])
  }

  @Test(arguments: [
    ("conv2d (Conv2D)", "smaller than the window's 5"),
    ("conv2d_1 (Conv2D)", "3 groups do not divide"),
    ("reshape (Reshape)", "do not fill [7]"),
  ])
  func errorsNameTheLayer(_ layer: String, _ message: String) {
    let parts = layer.split(separator: " ")
    #expect {
      try Sequential(input: [4, 4, 2]) {
        switch parts[0] {
        case "conv2d": Conv2D(1, kernel: 5)
        case "reshape": Reshape([7])
        default:
          Conv2D(2, kernel: 1)
          Conv2D(3, kernel: 1, groups: 3)
        }
      }
    } throws: {
      "\($0)".hasPrefix("layer '\(parts[0])' \(parts[1]): ") && "\($0)".contains(message)
    }
  }

  @Test func openSizesAreFilledByTheInput() throws {
    var network = try Sequential(input: [nil, nil, 1]) {
      Conv2D(2, kernel: 3, padding: .same)
      GlobalMaxPooling2D()
    }
    try network.initializeWeights()
    #expect(network.outputShapes == [[2]])
    #expect {
      try Inference(network)
    } throws: {
      "\($0)".contains("has open sizes")
    }
    for size in [3, 8] {
      let input = Tensor(shape: [1, size, size + 1, 1], repeating: 1)
      #expect(try network.predict(input)[0].shape == [1, 2])
    }
  }
}

/// Sizes come from files: absurd ones are errors, not overflows.
@Suite struct AbsurdSizeTests {
  @Test(arguments: [
    ("dense", "has more values than there can be"),
    ("conv2d", "has more values than there can be"),
    ("reshape", "has more values than there can be"),
    ("conv2d_same", "reaches over"),
  ])
  func absurdSizesAreRefused(_ name: String, _ message: String) {
    let large = 1 << 30
    #expect {
      try Sequential(input: [1 << 20, 4, 4]) {
        switch name {
        case "dense": Dense(large)
        case "conv2d": Conv2D(large, kernel: Size2D(large, large), padding: .same)
        case "reshape": Reshape([large, large, large])
        default: Conv2D(1, kernel: 5, padding: .same, dilationRate: Size2D(large, large))
        }
      }
    } throws: {
      "\($0)".contains(message)
    }
  }

  @Test func configurationsDoNotOverflow() {
    for value in [LayerConfiguration.Value.integer(1 << 40), .number(1e300), .string("many")] {
      let configuration = LayerConfiguration(className: "Dense", values: ["units": value])
      #expect {
        try Dense(configuration)
      } throws: {
        ($0 as? LayerError)?.message.contains("'units'") == true
      }
    }
  }

  /// A dense layer sees the padded picture as one line, which no window slides over.
  @Test func paddingInFrontOfADenseLayerIsNotItsWindows() throws {
    var network = try Sequential(input: [2, 3, 1]) {
      ZeroPadding2D(1)
      Flatten()
      Dense(2, useBias: false)
    }
    let kernel = Tensor(shape: [20, 2], values: (0..<40).map { Float($0) })
    let dense = try #require(network.nodes.firstIndex { $0.layer is Dense })
    try network.setWeights([kernel], ofNode: dense)
    let outputs = try network.predict(Tensor(shape: [1, 2, 3, 1], repeating: 1))
    // The inside of four by five: places 6, 7, 8 and 11, 12, 13, whose weights are 2p and 2p + 1.
    #expect(outputs[0].values == [114, 120])
  }
}
