import Network

/// What is measured beside the loss, by Keras's names.
public enum Metric: String, CaseIterable, Equatable, Sendable {
  /// The share of items whose largest output is that of the class whose number is the target.
  case sparseCategoricalAccuracy = "sparse_categorical_accuracy"
  /// The share of items whose largest output is where the target's largest value is.
  case categoricalAccuracy = "categorical_accuracy"
  /// The share of outputs that are on the target's side of a half; of logits too, as Keras has it.
  case binaryAccuracy = "binary_accuracy"
  case meanSquaredError = "mean_squared_error"
  case meanAbsoluteError = "mean_absolute_error"

  /// The metric that Keras calls so; `accuracy` is the one of the output and the target, chosen as Keras
  /// does. Nil where there is no such metric here.
  ///
  /// - Parameters:
  ///   - outputShape: An item's.
  ///   - targetShape: An item's; empty for the number of a class.
  public init?(kerasName name: String, outputShape: [Int], targetShape: [Int]) {
    // Classes are written in capitals, functions with underscores.
    let letters = name.filter { $0 != "_" }.lowercased()
    switch letters {
    case "accuracy", "acc":
      self = .accuracy(outputShape: outputShape, targetShape: targetShape)
    case "mse": self = .meanSquaredError
    case "mae": self = .meanAbsoluteError
    default:
      let metric = Self.allCases.first { $0.rawValue.filter { $0 != "_" } == letters }
      guard let metric else { return nil }
      self = metric
    }
  }

  /// The accuracy that fits an output and a target.
  public static func accuracy(outputShape: [Int], targetShape: [Int]) -> Metric {
    let classes = outputShape.last ?? 1
    if classes == 1 { return .binaryAccuracy }
    let hasNumbers = targetShape.count < outputShape.count || targetShape.last == 1
    return hasNumbers ? .sparseCategoricalAccuracy : .categoricalAccuracy
  }

  /// The name in a history: one that is called `accuracy` keeps that name.
  public static func name(ofKeras value: LayerConfiguration.Value) throws(ConfigurationError)
    -> String
  {
    let object = try KerasObject(value, kind: "metric")
    let name = try object.reading("metric") {
      // Keras 2 saves `accuracy` as a wrapper of the function that it has chosen.
      try $0.string("name", default: try $0.string("fn", default: object.className))
    }
    return name == "acc" ? "accuracy" : name
  }

  /// A metric by its name in a history, as both versions of Keras read it.
  static func kerasConfiguration(_ name: String, hasModule: Bool) -> LayerConfiguration.Value {
    let metric = Metric(kerasName: name, outputShape: [], targetShape: [])
    guard name != "accuracy", let metric else { return .string(name) }
    return .keras(
      metric.className, module: hasModule ? "keras.metrics" : nil,
      ["name": .string(name), "dtype": .string("float32")])
  }

  /// The function that an accuracy becomes with a loss; nil where Keras goes by the shapes.
  static func accuracy(of loss: Loss) -> Metric? {
    switch loss.function {
    case .sparseCategoricalCrossentropy: .sparseCategoricalAccuracy
    case .categoricalCrossentropy: .categoricalAccuracy
    case .binaryCrossentropy: .binaryAccuracy
    case .meanSquaredError, .meanAbsoluteError, .huber: nil
    }
  }

  /// Keras's name of the class.
  public var className: String {
    rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}

extension Loss {
  /// `accuracy` as Keras 2 saves it with the loss: of the name alone it would make, in a model that it
  /// loads, how often outputs are equal to targets.
  var keras2Accuracy: LayerConfiguration.Value {
    guard let metric = Metric.accuracy(of: self) else { return .string("accuracy") }
    return .keras(
      "MeanMetricWrapper", module: nil,
      ["name": .string("accuracy"), "dtype": .string("float32"), "fn": .string(metric.rawValue)])
  }
}
