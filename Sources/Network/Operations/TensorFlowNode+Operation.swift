extension TensorFlowNode {
  /// The layer that computes the same: a call of a function of TensorFlow, for nearly all.
  ///
  /// - Throws: `LayerError`, where the operation or one of its attributes is not supported.
  func layer() throws -> any Layer {
    if kind == "AddN" {
      _ = try computed(inputs[...])
      return Add(name: name)
    }
    return try operation()
  }

  private func operation() throws -> TensorOperation {
    if let format = text("data_format"), format != "NHWC" {
      throw LayerError("its data_format is '\(format)'; only 'NHWC' is supported")
    }
    if let (path, names) = Self.functions[kind] { return try call(path, inputs, names) }
    switch kind {
    case "Mean", "Sum", "Max", "Min", "Prod":
      return try call(
        "math.reduce_\(kind.lowercased())", inputs, ["input_tensor", "axis"],
        ["keepdims": .bool(isTrue("keep_dims"))])
    case "MatMul", "BatchMatMul", "BatchMatMulV2":
      return try call(
        "linalg.matmul", inputs, ["a", "b"],
        [
          "transpose_a": .bool(isTrue("transpose_a", "adj_x")),
          "transpose_b": .bool(isTrue("transpose_b", "adj_y")),
        ])
    case "LeakyRelu":
      return try call(
        "nn.leaky_relu", inputs, ["features"], ["alpha": .number(number("alpha") ?? 0.2)])
    case "LRN":
      return try call(
        "nn.local_response_normalization", inputs, ["input"],
        [
          "depth_radius": .integer(integer("depth_radius") ?? 5),
          "bias": .number(number("bias") ?? 1), "alpha": .number(number("alpha") ?? 1),
          "beta": .number(number("beta") ?? 0.5),
        ])
    case "Cast": return try cast()
    case "MirrorPad":
      return try call(
        "pad", inputs, ["tensor", "paddings"], ["mode": .string(text("mode") ?? "REFLECT")])
    case "DepthToSpace", "SpaceToDepth":
      return try call(
        kind == "DepthToSpace" ? "nn.depth_to_space" : "nn.space_to_depth", inputs, ["input"],
        ["block_size": .integer(integer("block_size") ?? 0)])
    case "ResizeNearestNeighbor", "ResizeBilinear", "ResizeBicubic": return try resize()
    default: return try rearrangement()
    }
  }

  /// Operations that are functions of their inputs alone: the function, and what it calls its arguments.
  private static let functions: [String: (String, [String])] = {
    var result: [String: (String, [String])] = [
      "Transpose": ("transpose", ["a", "perm"]), "Reshape": ("reshape", ["tensor", "shape"]),
      "ExpandDims": ("expand_dims", ["input", "axis"]), "Tile": ("tile", ["input", "multiples"]),
      "BroadcastTo": ("broadcast_to", ["input", "shape"]),
      "ReverseV2": ("reverse", ["tensor", "axis"]), "Pad": ("pad", ["tensor", "paddings"]),
      "PadV2": ("pad", ["tensor", "paddings", "constant_values"]),
      "ClipByValue": ("clip_by_value", ["t", "clip_value_min", "clip_value_max"]),
    ]
    let binary = [
      "Add": "add", "AddV2": "add", "BiasAdd": "add", "Sub": "subtract", "Mul": "multiply",
      "RealDiv": "divide", "Maximum": "maximum", "Minimum": "minimum", "Pow": "pow",
      "SquaredDifference": "squared_difference",
    ]
    for (kind, name) in binary { result[kind] = ("math.\(name)", ["x", "y"]) }
    let unary = [
      "Abs": "math.abs", "Ceil": "math.ceil", "CheckNumerics": "identity", "Elu": "nn.elu",
      "Erf": "math.erf", "Exp": "math.exp", "Expm1": "math.expm1", "Floor": "math.floor",
      "Identity": "identity", "Inv": "math.reciprocal", "Log": "math.log",
      "LogSoftmax": "nn.log_softmax", "Neg": "math.negative", "Reciprocal": "math.reciprocal",
      "Relu": "nn.relu", "Relu6": "nn.relu6", "Rint": "math.round", "Round": "math.round",
      "Rsqrt": "math.rsqrt", "Selu": "nn.selu", "Sigmoid": "math.sigmoid", "Sign": "math.sign",
      "Softmax": "nn.softmax", "Softplus": "math.softplus", "Softsign": "nn.softsign",
      "Sqrt": "math.sqrt", "Square": "math.square", "StopGradient": "stop_gradient",
      "Tanh": "math.tanh",
    ]
    for (kind, path) in unary { result[kind] = (path, ["x"]) }
    return result
  }()

  /// Operations of which an input is an attribute of the function's, or the other way round.
  private func rearrangement() throws -> TensorOperation {
    switch kind {
    case "ConcatV2":
      let values = try computed(inputs.dropLast())
      var result = try call("concat", values.prefix(1) + inputs.suffix(1), ["values", "axis"])
      result.arguments = values
      return result
    case "Pack":
      let values = try computed(inputs[...])
      let axis = Value.integer(integer("axis") ?? 0)
      var result = try call("stack", Array(values.prefix(1)), ["values"], ["axis": axis])
      result.arguments = values
      return result
    case "Unpack":
      return try call("unstack", inputs, ["value"], ["axis": .integer(integer("axis") ?? 0)])
    case "Split":
      return try call(
        "split", inputs.reversed(), ["value", "axis"],
        ["num_or_size_splits": .integer(integer("num_split") ?? 0)])
    case "SplitV":
      return try call("split", inputs, ["value", "num_or_size_splits", "axis"])
    case "Squeeze":
      return try call(
        "squeeze", inputs, ["input"],
        ["axis": .list(integers("squeeze_dims").map { .integer($0) })])
    case "StridedSlice", "Slice":
      let places = Value.list(kind == "Slice" ? try sizedPlaces() : try stridedPlaces())
      return try call(
        "__operators__.getitem", [inputs[0]], ["tensor"], ["slice_spec": places],
        className: "SlicingOpLambda")
    default:
      throw LayerError(
        "its operation '\(kind)' of TensorFlow is not supported; build the model with Keras's own "
          + "layers in its place")
    }
  }

  /// Inputs of which none is a constant.
  private func computed(_ inputs: ArraySlice<Argument>) throws -> [Argument] {
    for case .value in inputs {
      throw LayerError("its operation \(kind) joins values with constants, which is not supported")
    }
    return Array(inputs)
  }

  private func cast() throws -> TensorOperation {
    let type = type("DstT") ?? ""
    guard ["DT_FLOAT", "DT_HALF", "DT_DOUBLE", "DT_BFLOAT16"].contains(type) else {
      throw LayerError(
        "it makes \(type) of its input, which is not supported: everything is computed in float32")
    }
    return try call("identity", inputs, ["input"])
  }

  private func resize() throws -> TensorOperation {
    guard isTrue("half_pixel_centers"), !isTrue("align_corners") else {
      throw LayerError(
        "its operation \(kind) is that of TensorFlow 1, without half_pixel_centers or with "
          + "align_corners, which is not supported; use tf.image.resize of TensorFlow 2")
    }
    let methods = [
      "ResizeNearestNeighbor": "nearest", "ResizeBilinear": "bilinear", "ResizeBicubic": "bicubic",
    ]
    return try call(
      "image.resize", inputs, ["images", "size"],
      ["method": .string(methods[kind] ?? "bilinear")])
  }

  /// `x[:, 1:3, ..., 0]`: the bits of the masks say at which places a number does not count.
  private func stridedPlaces() throws -> [Value] {
    guard inputs.count == 4, let begins = constant(1), let ends = constant(2),
      let strides = constant(3), begins.count == ends.count, begins.count == strides.count,
      begins.count < 32
    else { throw LayerError("its slice is computed, which is not supported") }
    func isSet(_ mask: String, _ place: Int) -> Bool {
      (integer(mask) ?? 0) >> place & 1 == 1
    }
    return begins.indices.map { place in
      if isSet("ellipsis_mask", place) { return .object(["class_name": .string("__ellipsis__")]) }
      if isSet("new_axis_mask", place) { return .null }
      if isSet("shrink_axis_mask", place) { return .integer(begins[place]) }
      return .object([
        "start": isSet("begin_mask", place) ? .null : .integer(begins[place]),
        "stop": isSet("end_mask", place) ? .null : .integer(ends[place]),
        "step": .integer(strides[place]),
      ])
    }
  }

  /// The same of `tf.slice`, which has sizes in place of ends; -1 is all that is left.
  private func sizedPlaces() throws -> [Value] {
    guard inputs.count == 3, let begins = constant(1), let sizes = constant(2),
      begins.count == sizes.count
    else { throw LayerError("its slice is computed, which is not supported") }
    return zip(begins, sizes).map { begin, size in
      .object([
        "start": begin == 0 ? .null : .integer(begin),
        "stop": size < 0 ? .null : .integer(begin &+ size), "step": .null,
      ])
    }
  }

  /// The whole numbers that an input is.
  private func constant(_ place: Int) -> [Int]? {
    guard case .value(let value) = inputs[place] else { return nil }
    if let one = value.integer { return [one] }
    return value.list.flatMap { $0.map(\.integer) as? [Int] }
  }

  /// A call of a function: its first argument, and the others by their names.
  private func call(
    _ path: String, _ arguments: [Argument], _ names: [String], _ settings: [String: Value] = [:],
    className: String = TensorOperation.className
  ) throws -> TensorOperation {
    guard arguments.count == names.count else {
      throw LayerError(
        "its operation \(kind) has \(arguments.count) inputs; expected \(names.count)")
    }
    var values: [String: Value] = ["function": .string(path)]
    values["name"] = name.map { .string($0) }
    var result = try TensorOperation(
      LayerConfiguration(className: className, values: values, kerasMajorVersion: 2))
    result.arguments = [arguments[0]]
    result.keywords = settings.mapValues { .value($0) }
    for (name, argument) in zip(names, arguments).dropFirst() { result.keywords[name] = argument }
    return result
  }
}
