extension TensorOperation {
  /// The operation of Keras 3 that computes the same as a function of TensorFlow, which Keras 2 calls;
  /// nil where there is none, or it is one already.
  package var ofKeras3: TensorOperation? {
    guard isLambda else { return nil }
    let operands = operands
    if let className = Self.classNames[function] {
      guard Self.binaryFunctions[function] == nil || operands.count == 2 else { return nil }
      return operation(className, operands: operands)
    }
    switch function {
    case "reducemean": return reduction("Mean", operands)
    case "reducesum": return reduction("Sum", operands)
    case "reducemax": return reduction("Max", operands)
    case "reducemin": return reduction("Min", operands)
    case "reduceprod": return reduction("Prod", operands)
    case "softmax", "logsoftmax":
      let axis = value("axis") ?? .integer(-1)
      return operation(
        function == "softmax" ? "Softmax" : "LogSoftmax", ["axis": axis], operands: operands)
    case "leakyrelu":
      return operation(
        "LeakyRelu", ["negative_slope": value("alpha") ?? .number(0.2)], operands: operands)
    case "gelu":
      return operation(
        "Gelu", ["approximate": value("approximate") ?? .bool(false)], operands: operands)
    case "l2normalize":
      guard let axis = value("axis", "dim") else { return nil }
      let settings: [String: LayerConfiguration.Value] = [
        "axis": axis, "order": .integer(2), "epsilon": .number(1e-6),
      ]
      return operation("Normalize", settings, operands: operands)
    default: return rearrangement(operands)
    }
  }

  private static let classNames = [
    "add": "Add", "subtract": "Subtract", "multiply": "Multiply", "divide": "TrueDivide",
    "maximum": "Maximum", "minimum": "Minimum", "power": "Power", "matmul": "Matmul",
    "relu": "Relu", "relu6": "Relu6", "sigmoid": "Sigmoid", "tanh": "Tanh", "silu": "Silu",
    "exponential": "Exp", "log": "Log", "sqrt": "Sqrt", "rsqrt": "Rsqrt", "square": "Square",
    "absolute": "Absolute", "negative": "Negative", "sign": "Sign", "erf": "Erf", "expm1": "Expm1",
    "rounddown": "Floor", "roundup": "Ceil", "round": "Round", "softplus": "Softplus",
    "softsign": "Softsign", "elu": "Elu", "selu": "Selu", "reciprocal": "Reciprocal",
  ]

  /// Operations that give the same values in other places.
  private func rearrangement(_ operands: [Argument]) -> TensorOperation? {
    func of(_ className: String, _ names: [(String, [String])]) -> TensorOperation? {
      var settings: [String: LayerConfiguration.Value] = [:]
      for (name, theirs) in names {
        guard let value = theirs.lazy.compactMap({ self.value($0) }).first else { return nil }
        settings[name] = value
      }
      return operation(className, settings, operands: operands)
    }
    switch function {
    case "reshape": return of("Reshape", [("newshape", ["shape"])])
    case "expanddims": return of("ExpandDims", [("axis", ["axis"])])
    case "squeeze": return of("Squeeze", [("axis", ["axis", "squeeze_dims"])])
    case "transpose": return of("Transpose", [("axes", ["perm"])])
    case "tile": return of("Tile", [("repeats", ["multiples"])])
    case "repeat": return of("Repeat", [("repeats", ["repeats"]), ("axis", ["axis"])])
    case "flip": return of("Flip", [("axis", ["axis"])])
    case "depthtospace": return of("DepthToSpace", [("block_size", ["block_size"])])
    case "spacetodepth": return of("SpaceToDepth", [("block_size", ["block_size"])])
    case "clipbyvalue":
      return of("Clip", [("x_min", ["clip_value_min"]), ("x_max", ["clip_value_max"])])
    case "concatenate", "stack":
      guard let axis = value("axis") else { return nil }
      let list = operands.count == 1 ? operands[0] : .list(operands)
      return operation(
        function == "stack" ? "Stack" : "Concatenate", ["axis": axis],
        operands: [list])
    case "resize":
      guard let size = value("size") else { return nil }
      let method = value("method") ?? .string("bilinear")
      return operation("Resize", ["size": size, "interpolation": method], operands: operands)
    case "pad": return padding(operands)
    case "stridedslice":
      guard let places = value("slice_spec")?.list else { return nil }
      return operation("GetItem", operands: operands + [.value(.list(places.map(Self.place)))])
    default: return nil
    }
  }

  private func padding(_ operands: [Argument]) -> TensorOperation? {
    guard let sides = value("paddings") else { return nil }
    var mode = "constant"
    if case .string(let name)? = value("mode") { mode = name.lowercased() }
    var result = operation(
      "Pad", ["pad_width": sides, "mode": .string(mode)], operands: operands)
    if mode == "constant", let fill = value("constant_values") {
      result?.keywords["constant_values"] = .value(fill)
    }
    return result
  }

  /// A place of a slice, which Keras 3 marks by its class.
  private static func place(_ value: LayerConfiguration.Value) -> LayerConfiguration.Value {
    guard case .object(let object) = value, object["class_name"] == nil else {
      guard case .object(var object) = value else { return value }
      object["config"] = object["config"] ?? .object([:])
      return .object(object)
    }
    return .object(["class_name": .string("__slice__"), "config": value])
  }

  /// The arguments that are computed or combined, in order: those without names, and those by the names that
  /// TensorFlow has for them.
  private var operands: [Argument] {
    let names =
      Self.binaryFunctions[function] != nil || function == "matmul" ? ["x", "a", "y", "b"] : []
    return arguments
      + names.compactMap { keywords[$0] }.filter { $0 != .value(.null) }
  }

  private func reduction(_ className: String, _ operands: [Argument]) -> TensorOperation? {
    guard let axis = value("axis", "reduction_indices") else { return nil }
    let keeps = value("keepdims", "keep_dims") ?? .bool(false)
    return operation(className, ["axis": axis, "keepdims": keeps], operands: operands)
  }

  /// A constant by its name.
  private func value(_ names: String...) -> LayerConfiguration.Value? {
    for name in names {
      if case .value(let value)? = keywords[name], value != .null { return value }
    }
    return nil
  }

  private func operation(
    _ className: String, _ settings: [String: LayerConfiguration.Value] = [:],
    operands: [Argument]
  ) -> TensorOperation? {
    // What is transposed or computed besides is no argument of Keras's.
    let others = ["transpose_a", "transpose_b", "adjoint_a", "adjoint_b"]
    guard !others.contains(where: { value($0) == .bool(true) }) else { return nil }
    var result = try? TensorOperation(
      LayerConfiguration(className: className, values: settings, kerasMajorVersion: 3))
    result?.arguments = operands
    result?.name = name
    return result
  }
}
