import Network
import Testing

struct LayerRegistryTests {
  private typealias Values = [String: LayerConfiguration.Value]

  private func outputs(
    _ className: String, _ values: Values, _ input: Tensor, kerasMajorVersion: Int = 3
  ) throws -> [Tensor] {
    let layer = try LayerRegistry.layer(
      LayerConfiguration(
        className: className, values: values, kerasMajorVersion: kerasMajorVersion))
    let shape = Shape(Array(input.shape.dropFirst()))
    let count = try layer.outputShapes([shape]).count
    var network = try Network(
      name: "one", kind: .functional,
      nodes: [.init(name: "input", layer: InputLayer(shape)), .init(name: "layer", layer: layer)],
      calls: [(0, []), (1, [.init(call: 0)])], inputs: [.init(call: 0)],
      outputs: (0..<count).map { .init(call: 1, output: $0) })
    let weights = try network.weightSpecifications(ofNode: 1).map { weight in
      Tensor(
        shape: weight.shape, values: (0..<weight.count).map { Float(($0 * 7) % 11 - 5) / 16 })
    }
    try network.setWeights(weights, ofNode: 1)
    return try network.predict(input)
  }

  /// (batch, …, channels) with the channels at `axis`.
  private func moved(_ tensor: Tensor, to axis: Int) -> Tensor {
    let last = tensor.shape.count - 1
    let order = Array(0..<axis) + [last] + Array(axis..<last)
    let strides = (0...last).map { tensor.shape[($0 + 1)...].reduce(1, *) }
    var values: [Float] = []
    let shape = order.map { tensor.shape[$0] }
    for index in 0..<tensor.values.count {
      var (rest, place) = (index, 0)
      for axis in shape.indices.reversed() {
        place += rest % shape[axis] * strides[order[axis]]
        rest /= shape[axis]
      }
      values.append(tensor.values[place])
    }
    return Tensor(shape: shape, values: values)
  }

  /// TensorFlow does not compute these on a processor, so they are compared with the same, channels last.
  @Test(arguments: [("ConvLSTM2D", [2, 3, 5, 4, 2]), ("ConvLSTM1D", [2, 3, 5, 2])])
  func convolutionalRecurrenceWithTheChannelsFirst(_ className: String, _ shape: [Int]) throws {
    var values: Values = [
      "filters": .integer(3), "kernel_size": .integer(2), "return_sequences": .bool(true),
      "return_state": .bool(true),
    ]
    let count = shape.reduce(1, *)
    let input = Tensor(shape: shape, values: (0..<count).map { Float(($0 * 5) % 13 - 6) / 8 })
    let expected = try outputs(className, values, input)
    values["data_format"] = .string("channels_first")
    let found = try outputs(className, values, moved(input, to: 2))
    #expect(expected.count == 3 && Set(expected[0].values).count > 10)
    for (index, (found, expected)) in zip(found, expected).enumerated() {
      let wanted = moved(expected, to: index == 0 ? 2 : 1)
      #expect(found.shape == wanted.shape)
      #expect(found.values == wanted.values)
    }
  }

  /// Keras 2 calls `smart_resize` at inference, which is what a Resizing that crops does.
  @Test func aRandomCropOfKeras2IsAResizing() throws {
    let input = Tensor(shape: [1, 6, 8, 1], values: (0..<48).map { Float($0 * $0 % 17) })
    let size: Values = ["height": .integer(4), "width": .integer(9)]
    let found = try outputs("RandomCrop", size, input, kerasMajorVersion: 2)
    let crop = size.merging(["crop_to_aspect_ratio": .bool(true)]) { $1 }
    let expected = try outputs("Resizing", crop, input)
    #expect(found.map(\.shape) == [[1, 4, 9, 1]])
    #expect(found.map(\.values) == expected.map(\.values))
  }

  @Test func whatIsNotSupportedSaysWhy() {
    let cases: [(String, Values, String)] = [
      (
        "RNN", ["cell": .object(["class_name": .string("MyCell"), "config": .object([:])])],
        "MyCell"
      ),
      ("Bidirectional", ["merge_mode": .string("max")], "is not a layer"),
      ("TensorFlowOpLayer", ["node_def": .string("x")], "node_def"),
      ("TensorFlowOpLayer", node("NonMaxSuppressionV3"), "NonMaxSuppressionV3"),
      (
        "TensorFlowOpLayer", node("Cast", ["DstT": .object(["type": .string("DT_INT32")])]),
        "DT_INT32"
      ),
      ("TensorFlowOpLayer", node("ResizeBilinear"), "half_pixel_centers"),
      ("TensorFlowOpLayer", node("ConcatV2", constants: ["0": .integer(1)]), "constants"),
    ]
    for (className, values, part) in cases {
      #expect {
        _ = try LayerRegistry.layer(LayerConfiguration(className: className, values: values))
      } throws: { error in
        "\(error)".contains(part)
      }
    }
  }

  private func node(
    _ kind: String, _ attributes: Values = [:], constants: Values = [:]
  ) -> Values {
    [
      "node_def": .object([
        "op": .string(kind), "attr": .object(attributes),
        "input": .list([.string("a"), .string("b"), .string("^c")]),
      ]),
      "constants": .object(constants),
    ]
  }
}
