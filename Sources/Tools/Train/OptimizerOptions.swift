import ArgumentParser
import CNN
import Training

/// How weights are changed.
struct OptimizerOptions: ParsableArguments {
  @Option(
    help: "How weights are changed: sgd, rmsprop, adam, adamw, adagrad, adadelta or nadam.")
  var optimizer = "adam"

  @Option(help: "The learning rate; without it the optimizer's own.")
  var learningRate: Double?

  @Option(help: "The momentum of sgd or rmsprop.")
  var momentum: Double?

  @Flag(help: "Look ahead with sgd's momentum, after Nesterov.")
  var nesterov = false

  @Option(help: "The share of each weight that a learning rate of one takes away in a step.")
  var weightDecay: Double?

  @Flag(help: "Let adam or adamw go by the largest second moment so far.")
  var amsgrad = false

  @Flag(help: "Let rmsprop go by the variance of gradients rather than their squares.")
  var centered = false

  @Option(help: "Cut gradients off at this.")
  var clipValue: Double?

  @Option(help: "Scale the gradient of each weight down to this norm.")
  var clipNorm: Double?

  @Option(help: "Scale all gradients together down to this norm.")
  var globalClipNorm: Double?

  @Option(
    help: ArgumentHelp(
      "How the learning rate falls: step, exponential or cosine; see --decay-steps.",
      valueName: "name"))
  var schedule: Schedule?

  @Option(
    help: ArgumentHelp(
      "The steps between two reductions, in which it falls by --decay-rate; of cosine those to its end. "
        + "Without it an epoch's, of cosine all.", valueName: "n"))
  var decaySteps: Int?

  @Option(
    help: ArgumentHelp(
      "What step and exponential multiply the learning rate by.", valueName: "factor"))
  var decayRate = 0.5

  @Option(
    help: ArgumentHelp(
      "The steps in which cosine first rises from 0 to the learning rate.", valueName: "n"))
  var warmupSteps = 0

  enum Schedule: String, ExpressibleByArgument, CaseIterable {
    case step, exponential, cosine
  }

  func validate() throws {
    if let learningRate, !(learningRate > 0 && learningRate.isFinite) {
      throw ValidationError("--learning-rate is \(learningRate); expected more than 0")
    }
    for (name, value) in [
      ("momentum", momentum), ("weight-decay", weightDecay), ("clip-value", clipValue),
      ("clip-norm", clipNorm), ("global-clip-norm", globalClipNorm),
    ] {
      if let value, !(value >= 0 && value.isFinite) {
        throw ValidationError("--\(name) is \(value); expected 0 or more")
      }
    }
    guard [clipValue, clipNorm, globalClipNorm].count(where: { $0 != nil }) < 2 else {
      throw ValidationError(
        "gradients are clipped in one way: by --clip-value, --clip-norm or --global-clip-norm")
    }
    guard decaySteps ?? 1 > 0, warmupSteps >= 0 else {
      throw ValidationError("--decay-steps and --warmup-steps count steps; expected 1 or more")
    }
    guard decayRate > 0, decayRate <= 1 else {
      throw ValidationError("--decay-rate is \(decayRate); expected more than 0, at most 1")
    }
  }

  /// - Parameter stepsPerEpoch: What schedules go by, where no number of steps was said.
  func chosen(stepsPerEpoch: Int, epochs: Int) throws -> Optimizer {
    let known: [String: Optimizer] = [
      "sgd": .sgd(momentum: momentum ?? 0, nesterov: nesterov),
      "rmsprop": .rmsprop(momentum: momentum ?? 0, centered: centered),
      "adam": .adam(amsgrad: amsgrad), "adamw": .adamW(amsgrad: amsgrad),
      "adagrad": .adagrad(), "adadelta": .adadelta(), "nadam": .nadam(),
    ]
    let name = optimizer.lowercased()
    guard var result = known[name] else {
      throw ToolFailure(
        "--optimizer is '\(optimizer)'; expected \(known.keys.sorted().joined(separator: ", "))",
        isUsage: true)
    }
    if momentum != nil, name != "sgd", name != "rmsprop" {
      throw ToolFailure("--momentum is of sgd and rmsprop; \(name) has none", isUsage: true)
    }
    if nesterov, name != "sgd" || momentum ?? 0 == 0 {
      throw ToolFailure("--nesterov is of sgd with --momentum", isUsage: true)
    }
    if amsgrad, name != "adam", name != "adamw" {
      throw ToolFailure("--amsgrad is of adam and adamw; \(name) has none", isUsage: true)
    }
    if centered, name != "rmsprop" {
      throw ToolFailure("--centered is of rmsprop; \(name) has none", isUsage: true)
    }
    if let learningRate { result.learningRate = .constant(learningRate) }
    if let weightDecay { result.weightDecay = weightDecay }
    if let clipValue { result.clipping = .value(clipValue) }
    if let clipNorm { result.clipping = .norm(clipNorm) }
    if let globalClipNorm { result.clipping = .globalNorm(globalClipNorm) }
    result.learningRate = scheduled(
      result.learningRate.rate(step: 0), stepsPerEpoch: stepsPerEpoch, epochs: epochs)
    return result
  }

  private func scheduled(
    _ rate: Double, stepsPerEpoch: Int, epochs: Int
  ) -> LearningRateSchedule {
    switch schedule {
    case nil: return .constant(rate)
    case .step?, .exponential?:
      return .exponential(
        initial: rate, decaySteps: decaySteps ?? stepsPerEpoch, rate: decayRate,
        staircase: schedule == .step)
    case .cosine?:
      let steps = decaySteps ?? max(stepsPerEpoch * epochs - warmupSteps, 1)
      return warmupSteps == 0
        ? .cosine(initial: rate, decaySteps: steps)
        : .cosine(
          initial: 0, decaySteps: steps, warmupTarget: rate, warmupSteps: warmupSteps)
    }
  }
}
