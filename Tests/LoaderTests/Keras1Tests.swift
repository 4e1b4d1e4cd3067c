import Loader
import Network
import Testing

/// What Keras 1 wrote, in today's names and layouts.
@Suite struct Keras1Tests {
  /// Theano's kernels are turned in the file; both give what Keras 2 gives.
  @Test(arguments: ["tensorflow", "theano"])
  func wholeModels(_ backend: String) throws {
    try ContainerFixture.check(
      Network(contentsOf: ContainerFixture.path("keras1-\(backend).h5")), "keras1")
  }

  private func translated(_ json: String) throws -> String {
    guard case .object(let object) = try JSON.value(json) else { return "" }
    return Self.text(.object(try Keras1Configuration.translated(object)))
  }

  /// Keys in order, so that it can be compared.
  private static func text(_ value: LayerConfiguration.Value) -> String {
    switch value {
    case .object(let object):
      "{"
        + object.keys.sorted().map { "\($0): \(text(object[$0] ?? .null))" }
        .joined(separator: ", ") + "}"
    case .list(let list): "[" + list.map(text).joined(separator: ", ") + "]"
    case .string(let string): string
    default: value.description
    }
  }

  @Test(arguments: [
    (
      "Convolution2D",
      #""nb_filter": 4, "nb_row": 3, "nb_col": 2, "subsample": [2, 1], "dim_ordering": "th", "bias": false"#,
      "Conv2D",
      [
        "filters: 4", "kernel_size: [3, 2]", "strides: [2, 1]", "data_format: channels_first",
        "use_bias: false",
      ]
    ),
    (
      "Convolution1D",
      #""nb_filter": 4, "filter_length": 3, "subsample_length": 2, "border_mode": "same""#,
      "Conv1D", ["filters: 4", "kernel_size: 3", "strides: 2", "padding: same"]
    ),
    (
      "Convolution3D", #""kernel_dim1": 1, "kernel_dim2": 2, "kernel_dim3": 3, "init": "uniform""#,
      "Conv3D", ["kernel_size: [1, 2, 3]", "kernel_initializer: uniform"]
    ),
    (
      "AtrousConvolution2D", #""atrous_rate": [2, 2]"#, "Conv2D", ["dilation_rate: [2, 2]"]
    ),
    ("Deconvolution2D", #""nb_filter": 3"#, "Conv2DTranspose", ["filters: 3"]),
    (
      "SeparableConvolution2D", #""depth_multiplier": 2"#, "SeparableConv2D",
      ["depth_multiplier: 2"]
    ),
    (
      "MaxPooling1D", #""pool_length": 2, "stride": 3, "border_mode": "valid""#, "MaxPooling1D",
      ["pool_size: 2", "strides: 3", "padding: valid"]
    ),
    (
      "MaxPooling2D", #""pool_size": [2, 2], "dim_ordering": "tf""#, "MaxPooling2D",
      ["pool_size: [2, 2]", "data_format: channels_last"]
    ),
    (
      "ZeroPadding2D",
      #""padding": {"top_pad": 1, "bottom_pad": 2, "left_pad": 3, "right_pad": 4}"#,
      "ZeroPadding2D", ["padding: [[1, 2], [3, 4]]"]
    ),
    (
      "ZeroPadding2D", #""padding": [1, 2, 3, 4]"#, "ZeroPadding2D",
      ["padding: [[1, 2], [3, 4]]"]
    ),
    ("Dense", #""output_dim": 5, "input_dim": 3"#, "Dense", ["units: 5"]),
    ("Dropout", #""p": 0.5"#, "Dropout", ["rate: 0.5"]),
    (
      "Embedding", #""input_dim": 9, "output_dim": 4, "init": "uniform""#, "Embedding",
      ["input_dim: 9", "output_dim: 4", "embeddings_initializer: uniform"]
    ),
    (
      "LSTM",
      #""output_dim": 5, "inner_activation": "hard_sigmoid", "return_sequences": true, "dropout_U": 0.1"#,
      "LSTM",
      [
        "units: 5", "recurrent_activation: hard_sigmoid", "return_sequences: true",
        "recurrent_dropout: 0.1",
      ]
    ),
    ("GRU", #""output_dim": 5"#, "GRU", ["units: 5", "reset_after: false"]),
    (
      "TimeDistributed",
      #""layer": {"class_name": "Dense", "config": {"name": "d", "output_dim": 2}}"#,
      "TimeDistributed", ["layer: {class_name: Dense, config: {name: d, units: 2}}"]
    ),
    (
      "TimeDistributedDense", #""output_dim": 2"#, "TimeDistributed",
      ["layer: {class_name: Dense, config: {name: x, units: 2}}"]
    ),
    ("Merge", #""mode": "sum""#, "Add", []),
    ("Merge", #""mode": "mul""#, "Multiply", []),
    ("Merge", #""mode": "ave""#, "Average", []),
    ("Merge", #""mode": "max""#, "Maximum", []),
    ("Merge", #""mode": "concat", "concat_axis": 1"#, "Concatenate", ["axis: 1"]),
    ("BatchNormalization", #""mode": 0, "axis": 1"#, "BatchNormalization", ["axis: 1"]),
    ("Reshape", #""target_shape": [2, 3]"#, "Reshape", ["target_shape: [2, 3]"]),
    ("LeakyReLU", #""alpha": 0.1"#, "LeakyReLU", ["alpha: 0.1"]),
    ("UpSampling1D", #""length": 2"#, "UpSampling1D", ["size: 2"]),
  ])
  func argumentsAreRenamed(
    _ className: String, _ arguments: String, _ newName: String, _ parts: [String]
  ) throws {
    let text = try translated(
      #"{"class_name": "\#(className)", "config": {"name": "x", \#(arguments)}}"#)
    #expect(text.hasPrefix("{class_name: \(newName), "))
    for part in parts { #expect(text.contains(part), "'\(part)' is not in \(text)") }
  }

  @Test func whatKeras2HasNoLayerForIsRefused() {
    for (className, arguments, part) in [
      ("BatchNormalization", #""mode": 2"#, "its mode is 2"),
      ("Merge", #""mode": "cos""#, "its mode is 'cos'"),
      ("Merge", #""mode": "sum", "layers": []"#, "joins whole models"),
    ] {
      ContainerFixture.expectFailure(["layer 'x' (\(className))", part]) {
        _ = try translated(
          #"{"class_name": "\#(className)", "config": {"name": "x", \#(arguments)}}"#)
      }
    }
  }

  /// Values that tell where they came from: the index in the file's layout.
  private func counted(_ shape: [Int]) -> Tensor {
    Tensor(shape: shape, values: (0..<shape.reduce(1, *)).map { Float($0) })
  }

  private func converted(
    _ className: String, _ stored: [Int], to shape: [Int], isChannelsFirst: Bool = false,
    name: String = "x_W:0", isKeras1: Bool = true, backend: String? = nil
  ) -> Tensor {
    let conversion = WeightConversion(isKeras1: isKeras1, backend: backend)
    return conversion.converted(
      StoredWeight(name: name, tensor: counted(stored)),
      of: LayerFacts(
        className: className, outerClassName: className, isChannelsFirst: isChannelsFirst),
      for: WeightSpecification("kernel", shape))
  }

  @Test func kernelsInTheanosOrder() {
    // (out 2, in 3, rows 1, columns 2) to (rows, columns, in, out).
    let kernel = converted("Conv2D", [2, 3, 1, 2], to: [1, 2, 3, 2], isChannelsFirst: true)
    #expect(kernel.shape == [1, 2, 3, 2])
    #expect(kernel.values == [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11])
    let turned = converted(
      "Conv2D", [2, 3, 1, 2], to: [1, 2, 3, 2], isChannelsFirst: true, name: "x_W")
    #expect(turned.values == [1, 7, 3, 9, 5, 11, 0, 6, 2, 8, 4, 10])
  }

  @Test func kernelsOfOneAxis() {
    let kernel = converted("Conv1D", [3, 1, 2, 2], to: [3, 2, 2])
    #expect(kernel == counted([3, 2, 2]))
    let turned = converted("Conv1D", [3, 1, 2, 2], to: [3, 2, 2], name: "x_W")
    #expect(turned.values == [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3])
    // (out 2, in 1, length 3, 1), as Keras 1.1 had it.
    let old = converted("Conv1D", [2, 1, 3, 1], to: [3, 1, 2])
    #expect(old == Tensor(shape: [3, 1, 2], values: [0, 3, 1, 4, 2, 5]))
  }

  @Test func kernelsOfKeras2WrittenByTheano() {
    for (className, shape) in [
      ("Conv1D", [2, 1, 1]), ("Conv2D", [1, 2, 1, 1]), ("Conv3D", [1, 1, 2, 1, 1]),
      ("Conv2DTranspose", [2, 1, 1, 1]),
    ] {
      let kernel = converted(
        className, shape, to: shape, name: "x/kernel:0", isKeras1: false, backend: "theano")
      #expect(kernel.values == [1, 0], "\(className)")
      let other = converted(
        className, shape, to: shape, name: "x/kernel:0", isKeras1: false, backend: "tensorflow")
      #expect(other.values == [0, 1], "\(className)")
    }
    let dense = converted("Dense", [2, 1], to: [2, 1], isKeras1: false, backend: "theano")
    #expect(dense.values == [0, 1])
  }

  @Test func kernelsOfDeconvolutions() {
    let last = converted("Conv2DTranspose", [1, 1, 2, 3], to: [1, 1, 3, 2])
    #expect(last.values == [0, 3, 1, 4, 2, 5])
    let first = converted(
      "Conv2DTranspose", [3, 2, 1, 1], to: [1, 1, 3, 2], isChannelsFirst: true)
    #expect(first == Tensor(shape: [1, 1, 3, 2], values: [0, 1, 2, 3, 4, 5]))
  }

  @Test func gatesAreJoined() {
    let conversion = WeightConversion(isKeras1: true, backend: nil)
    func stored(_ gates: [String]) -> [StoredWeight] {
      gates.enumerated().flatMap { index, gate in
        [
          StoredWeight(
            name: "r_1_W_\(gate)", tensor: Tensor(shape: [2, 1], repeating: Float(index))),
          StoredWeight(
            name: "r_1_U_\(gate)", tensor: Tensor(shape: [1, 1], repeating: Float(index))),
          StoredWeight(
            name: "r_1_b_\(gate)", tensor: Tensor(shape: [1], repeating: Float(index))),
        ]
      }
    }
    let long = conversion.joiningGates(stored(["i", "c", "f", "o"]))
    #expect(long.map(\.tensor.shape) == [[2, 4], [1, 4], [4]])
    #expect(long[0].tensor.values == [0, 2, 1, 3, 0, 2, 1, 3])
    #expect(long[2].tensor.values == [0, 2, 1, 3])
    let gated = conversion.joiningGates(stored(["z", "r", "h"]))
    #expect(gated.map(\.tensor.shape) == [[2, 3], [1, 3], [3]])
    #expect(gated[2].tensor.values == [0, 1, 2])
    // Not all gates are there: left as it is, so that the count is told.
    #expect(conversion.joiningGates(stored(["i", "c"])).count == 6)
  }
}
