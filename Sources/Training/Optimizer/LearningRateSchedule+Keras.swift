import Network

extension LearningRateSchedule {
  /// - Parameter value: A number, or one of Keras's schedules.
  /// - Throws: `ConfigurationError`, where it is no schedule that is known, or its arguments do not fit.
  public init(kerasConfiguration value: LayerConfiguration.Value) throws(ConfigurationError) {
    if let rate = value.number {
      self = .constant(rate)
      return
    }
    let object = try KerasObject(value, kind: "learning rate")
    self = try object.reading("schedule") { try Self(object.className, $0) }
  }

  private init(_ className: String, _ arguments: LayerConfiguration) throws {
    func initial() throws -> Double {
      try arguments.number("initial_learning_rate", default: 0.001)
    }
    func steps() throws -> Int {
      let count = try arguments.integer("decay_steps")
      guard count > 0 else { throw LayerError("its decay_steps is \(count); expected 1 or more") }
      return count
    }
    switch className {
    case "PiecewiseConstantDecay":
      let boundaries = try arguments.integers("boundaries") ?? []
      let list = arguments["values"]?.list ?? []
      guard let values = list.map(\.number) as? [Double], values.count == boundaries.count + 1
      else {
        throw LayerError(
          "it has \(boundaries.count) boundaries and \(list.count) values; "
            + "expected one value more than boundaries")
      }
      self = .piecewise(boundaries: boundaries, values: values)
    case "ExponentialDecay":
      self = .exponential(
        initial: try initial(), decaySteps: try steps(),
        rate: try arguments.number("decay_rate", default: 1),
        staircase: try arguments.bool("staircase", default: false))
    case "InverseTimeDecay":
      self = .inverseTime(
        initial: try initial(), decaySteps: try steps(),
        rate: try arguments.number("decay_rate", default: 1),
        staircase: try arguments.bool("staircase", default: false))
    case "CosineDecay":
      self = .cosine(
        initial: try initial(), decaySteps: try steps(),
        alpha: try arguments.number("alpha", default: 0),
        warmupTarget: try arguments["warmup_target"].map { _ in
          try arguments.number("warmup_target", default: 0)
        },
        warmupSteps: try arguments.integer("warmup_steps", default: 0))
    default:
      throw LayerError(
        "this schedule is not known; expected PiecewiseConstantDecay, ExponentialDecay, "
          + "InverseTimeDecay or CosineDecay")
    }
  }

  /// The schedule as both versions of Keras save it: a number where it is constant.
  public var kerasConfiguration: LayerConfiguration.Value {
    func object(
      _ className: String, _ arguments: [String: LayerConfiguration.Value]
    ) -> LayerConfiguration.Value {
      .keras(
        className, module: "keras.optimizers.schedules",
        arguments.merging(["name": .string(className)]) { $1 })
    }
    func decay(_ initial: Double, _ steps: Int, _ rate: Double, _ staircase: Bool) -> [String:
      LayerConfiguration.Value]
    {
      [
        "initial_learning_rate": .number(initial), "decay_steps": .integer(steps),
        "decay_rate": .number(rate), "staircase": .bool(staircase),
      ]
    }
    switch self {
    case .constant(let rate): return .number(rate)
    case .piecewise(let boundaries, let values):
      return object(
        "PiecewiseConstantDecay",
        [
          "boundaries": .list(boundaries.map { .integer($0) }),
          "values": .list(values.map { .number($0) }),
        ])
    case .exponential(let initial, let steps, let rate, let staircase):
      return object("ExponentialDecay", decay(initial, steps, rate, staircase))
    case .inverseTime(let initial, let steps, let rate, let staircase):
      return object("InverseTimeDecay", decay(initial, steps, rate, staircase))
    case .cosine(let initial, let steps, let alpha, let target, let warmup):
      return object(
        "CosineDecay",
        [
          "initial_learning_rate": .number(initial), "decay_steps": .integer(steps),
          "alpha": .number(alpha), "warmup_target": target.map { .number($0) } ?? .null,
          "warmup_steps": .integer(warmup),
        ])
    }
  }
}
