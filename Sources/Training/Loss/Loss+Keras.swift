import Network

extension Loss {
  /// The loss that Keras calls so: `mse`, `mean_squared_error` and `MeanSquaredError` are one; nil where
  /// there is no such loss here.
  public init?(kerasName name: String) {
    let aliases: [String: Function] = [
      "mse": .meanSquaredError, "mae": .meanAbsoluteError, "bce": .binaryCrossentropy,
      "huberloss": .huber,
    ]
    // Classes are written in capitals, functions with underscores.
    let letters = name.filter { $0 != "_" }.lowercased()
    let function = Function.allCases.first {
      $0.rawValue.filter { $0 != "_" } == letters
    }
    guard let function = function ?? aliases[letters] else { return nil }
    self.init(function)
  }

  /// The loss that Keras saved, or one with Keras's defaults by its name.
  ///
  /// - Throws: `ConfigurationError`, where it is none that is known, or an argument is not supported.
  public init(kerasConfiguration value: LayerConfiguration.Value) throws(ConfigurationError) {
    let object = try KerasObject(value, kind: "loss")
    // Keras 2 wraps functions of the user's own; its own ones say theirs as well.
    guard var loss = Loss(kerasName: object.className) else {
      throw ConfigurationError(
        "the loss \(object.className) is not known; expected one of "
          + Function.allCases.map(\.rawValue).joined(separator: ", "))
    }
    try object.reading("loss") { arguments in
      loss.fromLogits = try arguments.bool("from_logits", default: false)
      loss.labelSmoothing = try arguments.number("label_smoothing", default: 0)
      loss.delta = try arguments.number("delta", default: 1)
      guard (0...1).contains(loss.labelSmoothing) else {
        throw LayerError("its label_smoothing is \(loss.labelSmoothing); expected 0 to 1")
      }
      let reduction = try arguments.string("reduction", default: "sum_over_batch_size")
      guard ["sum_over_batch_size", "auto"].contains(reduction) else {
        throw LayerError(
          "its reduction is '\(reduction)'; only 'sum_over_batch_size' is supported")
      }
      if let ignored = arguments["ignore_class"] {
        throw LayerError("it ignores class \(ignored) (ignore_class), which is not supported")
      }
      guard try arguments.integer("axis", default: -1) == -1 else {
        throw LayerError("its axis is not the last one, which is not supported")
      }
    }
    self = loss
  }

  /// Keras's name of the class.
  public var className: String {
    switch function {
    case .sparseCategoricalCrossentropy: "SparseCategoricalCrossentropy"
    case .categoricalCrossentropy: "CategoricalCrossentropy"
    case .binaryCrossentropy: "BinaryCrossentropy"
    case .meanSquaredError: "MeanSquaredError"
    case .meanAbsoluteError: "MeanAbsoluteError"
    case .huber: "Huber"
    }
  }

  /// The loss as a version of Keras saves it, always as an object: Keras 3 does not find `mse` in an `.h5`.
  ///
  /// - Parameter hasModule: Whether the module is told as well, as in `.keras` files.
  public func kerasConfiguration(
    majorVersion: Int, hasModule: Bool = true
  ) -> LayerConfiguration.Value {
    var arguments: [String: LayerConfiguration.Value] = [
      "name": .string(function == .huber ? "huber_loss" : function.rawValue),
      "reduction": .string(majorVersion >= 3 ? "sum_over_batch_size" : "auto"),
    ]
    switch function {
    case .sparseCategoricalCrossentropy: arguments["from_logits"] = .bool(fromLogits)
    case .categoricalCrossentropy, .binaryCrossentropy:
      arguments["from_logits"] = .bool(fromLogits)
      arguments["label_smoothing"] = .number(labelSmoothing)
    case .huber: arguments["delta"] = .number(delta)
    case .meanSquaredError, .meanAbsoluteError: break
    }
    return .keras(className, module: hasModule ? "keras.losses" : nil, arguments)
  }
}
