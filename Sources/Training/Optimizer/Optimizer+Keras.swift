import Network

extension Optimizer {
  /// The optimizer that Keras saved, or one with Keras's defaults by its name: `adam`.
  ///
  /// - Throws: `ConfigurationError`, where it is none that is known, or an argument is not supported.
  public init(kerasConfiguration value: LayerConfiguration.Value) throws(ConfigurationError) {
    let object = try KerasObject(value, kind: "optimizer")
    self = try object.reading("optimizer") { try Self(object.className, $0) }
  }

  private init(_ className: String, _ arguments: LayerConfiguration) throws {
    self = try Self.defaults(className, arguments)
    algorithm = try Self.algorithm(algorithm, arguments)
    if let value = arguments["learning_rate"] ?? arguments["lr"] {
      learningRate = try LearningRateSchedule(kerasConfiguration: value)
    }
    let decay = try arguments.number("decay", default: 0)
    if decay != 0, case .constant(let rate) = learningRate {
      learningRate = .inverseTime(initial: rate, decaySteps: 1, rate: decay)
    }
    if arguments["weight_decay"] != nil {
      weightDecay = try arguments.number("weight_decay", default: 0)
    }
    clipping = try Self.clipping(arguments)
    if try arguments.bool("use_ema", default: false) {
      throw LayerError("it averages weights (use_ema), which is not supported")
    }
    if let steps = arguments["gradient_accumulation_steps"] {
      throw LayerError("it accumulates the gradients of \(steps) steps, which is not supported")
    }
  }

  private static func defaults(
    _ className: String, _ arguments: LayerConfiguration
  ) throws -> Optimizer {
    switch className.lowercased() {
    case "sgd": .sgd()
    case "rmsprop": .rmsprop()
    case "adam": .adam()
    case "adamw": .adamW()
    case "adagrad": .adagrad()
    case "adadelta": .adadelta()
    case "nadam": .nadam()
    default:
      throw LayerError(
        "this optimizer is not known; expected sgd, rmsprop, adam, adamw, adagrad, adadelta or nadam"
      )
    }
  }

  /// An algorithm with the arguments that are given.
  private static func algorithm(
    _ algorithm: Algorithm, _ arguments: LayerConfiguration
  ) throws -> Algorithm {
    func number(_ key: String, _ fallback: Double) throws -> Double {
      try arguments.number(key, default: fallback)
    }
    func bool(_ key: String, _ fallback: Bool) throws -> Bool {
      try arguments.bool(key, default: fallback)
    }
    switch algorithm {
    case .sgd(let momentum, let nesterov):
      return .sgd(
        momentum: try number("momentum", momentum), nesterov: try bool("nesterov", nesterov))
    case .rmsprop(let rho, let momentum, let epsilon, let centered):
      return .rmsprop(
        rho: try number("rho", rho), momentum: try number("momentum", momentum),
        epsilon: try number("epsilon", epsilon), centered: try bool("centered", centered))
    case .adam(let beta1, let beta2, let epsilon, let amsgrad):
      return .adam(
        beta1: try number("beta_1", beta1), beta2: try number("beta_2", beta2),
        epsilon: try number("epsilon", epsilon), amsgrad: try bool("amsgrad", amsgrad))
    case .adamW(let beta1, let beta2, let epsilon, let amsgrad):
      return .adamW(
        beta1: try number("beta_1", beta1), beta2: try number("beta_2", beta2),
        epsilon: try number("epsilon", epsilon), amsgrad: try bool("amsgrad", amsgrad))
    case .adagrad(let initial, let epsilon):
      return .adagrad(
        initialAccumulatorValue: try number("initial_accumulator_value", initial),
        epsilon: try number("epsilon", epsilon))
    case .adadelta(let rho, let epsilon):
      return .adadelta(rho: try number("rho", rho), epsilon: try number("epsilon", epsilon))
    case .nadam(let beta1, let beta2, let epsilon):
      return .nadam(
        beta1: try number("beta_1", beta1), beta2: try number("beta_2", beta2),
        epsilon: try number("epsilon", epsilon))
    }
  }

  private static func clipping(_ arguments: LayerConfiguration) throws -> Clipping? {
    let kinds: [(key: String, make: (Double) -> Clipping)] = [
      ("clipnorm", Clipping.norm), ("clipvalue", Clipping.value),
      ("global_clipnorm", Clipping.globalNorm),
    ]
    var result: Clipping?
    for (key, make) in kinds where arguments[key] != nil {
      guard result == nil else {
        throw LayerError(
          "it has more than one of clipnorm, clipvalue and global_clipnorm; expected one at most")
      }
      result = make(try arguments.number(key, default: 0))
    }
    return result
  }

  /// Keras's name of the class.
  public var className: String {
    switch algorithm {
    case .sgd: "SGD"
    case .rmsprop: "RMSprop"
    case .adam: "Adam"
    case .adamW: "AdamW"
    case .adagrad: "Adagrad"
    case .adadelta: "Adadelta"
    case .nadam: "Nadam"
    }
  }

  /// What a version of Keras calls the optimizer of a model, under which a file has its variables.
  public func kerasName(majorVersion: Int) -> String {
    guard majorVersion >= 3 else { return className }
    switch algorithm {
    case .rmsprop: return "rmsprop"
    case .adamW: return "adamw"
    default: return className.lowercased()
    }
  }

  /// The optimizer as Keras 2 or 3 saves it.
  ///
  /// - Parameter isLegacyFile: Whether for the attribute `training_config` of an `.h5`, in which Keras 2
  ///   says its own class as a registered one.
  public func kerasConfiguration(
    majorVersion: Int, isLegacyFile: Bool = false
  ) -> LayerConfiguration.Value {
    var arguments = formulaArguments
    arguments["name"] = .string(kerasName(majorVersion: majorVersion))
    arguments["learning_rate"] = learningRate.kerasConfiguration
    arguments["weight_decay"] = weightDecay.map { .number($0) } ?? .null
    for key in ["clipnorm", "global_clipnorm", "clipvalue"] { arguments[key] = .null }
    switch clipping {
    case .norm(let norm)?: arguments["clipnorm"] = .number(norm)
    case .value(let value)?: arguments["clipvalue"] = .number(value)
    case .globalNorm(let norm)?: arguments["global_clipnorm"] = .number(norm)
    case nil: break
    }
    arguments["use_ema"] = .bool(false)
    arguments["ema_momentum"] = .number(0.99)
    arguments["ema_overwrite_frequency"] = .null
    if majorVersion >= 3 {
      arguments["loss_scale_factor"] = .null
      arguments["gradient_accumulation_steps"] = .null
    } else {
      arguments["jit_compile"] = .bool(false)
      arguments["is_legacy_optimizer"] = .bool(false)
    }
    if isLegacyFile {
      return .keras(
        majorVersion >= 3 ? className : "Custom>\(className)", module: nil, arguments)
    }
    return .keras(className, module: "keras.optimizers", arguments)
  }

  private var formulaArguments: [String: LayerConfiguration.Value] {
    switch algorithm {
    case .sgd(let momentum, let nesterov):
      ["momentum": .number(momentum), "nesterov": .bool(nesterov)]
    case .rmsprop(let rho, let momentum, let epsilon, let centered):
      [
        "rho": .number(rho), "momentum": .number(momentum), "epsilon": .number(epsilon),
        "centered": .bool(centered),
      ]
    case .adam(let beta1, let beta2, let epsilon, let amsgrad),
      .adamW(let beta1, let beta2, let epsilon, let amsgrad):
      [
        "beta_1": .number(beta1), "beta_2": .number(beta2), "epsilon": .number(epsilon),
        "amsgrad": .bool(amsgrad),
      ]
    case .adagrad(let initial, let epsilon):
      ["initial_accumulator_value": .number(initial), "epsilon": .number(epsilon)]
    case .adadelta(let rho, let epsilon): ["rho": .number(rho), "epsilon": .number(epsilon)]
    case .nadam(let beta1, let beta2, let epsilon):
      ["beta_1": .number(beta1), "beta_2": .number(beta2), "epsilon": .number(epsilon)]
    }
  }
}
