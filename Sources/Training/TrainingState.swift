import Network

/// What a model's file says of its training beside the weights, so that training can go on.
public struct TrainingState: Equatable, Sendable {
  public var optimizer: Optimizer
  public var loss: Loss
  /// Keras's names: `accuracy`.
  public var metrics: [String]
  /// How many steps there have been.
  public var iterations: Int
  /// The optimizer's arrays for each weight that is trained, by the weight's path and the slot's name:
  /// `slots["conv2d/kernel"]["velocity"]`. A weight's path is that of its layer and its own name. What
  /// is not there begins anew.
  public var slots: [String: [String: Tensor]]
  /// How far the training is; nil where that is not known, as with what Keras wrote.
  public var position: TrainingPosition?

  public init(
    optimizer: Optimizer, loss: Loss, metrics: [String] = [], iterations: Int = 0,
    slots: [String: [String: Tensor]] = [:], position: TrainingPosition? = nil
  ) {
    self.optimizer = optimizer
    self.loss = loss
    self.metrics = metrics
    self.iterations = iterations
    self.slots = slots
    self.position = position
  }
}

extension TrainingState {
  /// - Parameter configuration: Keras's `training_config` or `compile_config`.
  /// - Throws: `ConfigurationError`, where there is no optimizer or loss, or one that is not known.
  public init(
    kerasConfiguration configuration: LayerConfiguration.Value
  ) throws(ConfigurationError) {
    guard case .object(let object) = configuration else {
      throw ConfigurationError(
        "the training's configuration is \(configuration); expected an object")
    }
    guard let optimizer = object["optimizer_config"] ?? object["optimizer"] else {
      throw ConfigurationError("the training's configuration has no optimizer")
    }
    // A list or an object of one for each output.
    var loss = object["loss"] ?? .null
    if let list = loss.list, list.count == 1 { loss = list[0] }
    if case .object(let losses) = loss, losses.count == 1, losses["class_name"] == nil {
      loss = losses.values.first ?? .null
    }
    self.init(
      optimizer: try Optimizer(kerasConfiguration: optimizer),
      loss: try Loss(kerasConfiguration: loss))
    metrics = try Self.names(object["metrics"] ?? .null)
  }

  private static func names(
    _ metrics: LayerConfiguration.Value
  ) throws(ConfigurationError) -> [String] {
    if metrics == .null { return [] }
    guard let list = metrics.list else { return [try Metric.name(ofKeras: metrics)] }
    var names: [String] = []
    for metric in list { names += try Self.names(metric) }
    return names
  }

  /// The configuration as a version of Keras saves it.
  ///
  /// - Parameter isLegacyFile: Whether for the attribute `training_config` of an `.h5`.
  public func kerasConfiguration(
    majorVersion: Int, isLegacyFile: Bool
  ) -> LayerConfiguration.Value {
    var object: [String: LayerConfiguration.Value] = [
      "loss": loss.kerasConfiguration(majorVersion: majorVersion, hasModule: !isLegacyFile),
      "loss_weights": .null,
      "metrics": .list(
        metrics.map { name in
          majorVersion < 3 && name == "accuracy"
            ? loss.keras2Accuracy : Metric.kerasConfiguration(name, hasModule: !isLegacyFile)
        }),
      "weighted_metrics": .null,
    ]
    let optimizer = optimizer.kerasConfiguration(
      majorVersion: majorVersion, isLegacyFile: isLegacyFile)
    object[isLegacyFile ? "optimizer_config" : "optimizer"] = optimizer
    if majorVersion >= 3 {
      object["run_eagerly"] = .bool(false)
      object["steps_per_execution"] = .integer(1)
      object["jit_compile"] = .bool(false)
    }
    return .object(object)
  }
}
