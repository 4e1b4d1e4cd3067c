import Foundation
import Network
import Testing

@testable import Training

@Suite struct OptimizerTests {
  /// The settings of `make_training.py`.
  static let settings: [String: Optimizer] = [
    "momentum": .sgd(learningRate: 0.1, momentum: 0.8),
    "sgd_decay": .sgd(learningRate: 0.1, weightDecay: 0.1),
    "sgd_clipnorm": .sgd(learningRate: 0.1, clipping: .norm(0.5)),
    "sgd_clipvalue": .sgd(learningRate: 0.1, clipping: .value(0.25)),
    "sgd_global_clipnorm": .sgd(learningRate: 0.1, clipping: .globalNorm(0.75)),
    "rmsprop_centered": .rmsprop(rho: 0.8, momentum: 0.5, centered: true),
    "amsgrad": .adam(learningRate: 0.01, epsilon: 1e-3, amsgrad: true),
    "piecewise": .sgd(
      learningRate: .piecewise(boundaries: [1, 3], values: [0.5, 0.25, 0.125])),
    "exponential": .adam(learningRate: .exponential(initial: 0.1, decaySteps: 2, rate: 0.5)),
    "staircase": .sgd(
      learningRate: .exponential(initial: 0.1, decaySteps: 2, rate: 0.5, staircase: true)),
    "inverse_time": .sgd(learningRate: .inverseTime(initial: 0.1, decaySteps: 2, rate: 0.5)),
    "cosine": .sgd(learningRate: .cosine(initial: 0.1, decaySteps: 4, alpha: 0.1)),
    "warmup": .sgd(
      learningRate: .cosine(initial: 0.01, decaySteps: 4, warmupTarget: 0.1, warmupSteps: 3)),
  ].merging(StepsFixture.optimizers.map { ($0.name, $0.optimizer) }) { $1 }

  @Test(arguments: settings.keys.sorted(), [2, 3])
  func stepsAgreeWithKeras(_ name: String, _ version: Int) throws {
    let arrays = try TrainingFixture.arrays("optimizers.keras\(version)")
    let shapes = [[2, 3], [5]]
    func values(_ array: Int) -> [[Double]] {
      shapes.enumerated().map { number, shape in
        TrainingFixture.signed(array + number, shape).values.map { Double($0) }
      }
    }
    var weights = values(300)
    var reference = OptimizerReference(try #require(Self.settings[name]))
    let expected = try (0..<2).map { try #require(arrays["\(name)/\($0)"]).values }
    for step in 0..<StepsFixture.stepCount {
      reference.apply(values(400 + 10 * step), to: &weights)
      for (found, all) in zip(weights, expected) {
        let count = found.count
        expectClose(
          found.map { Float($0) }, Array(all[step * count..<(step + 1) * count]), within: 2e-6)
      }
    }
  }

  @Test(arguments: settings.keys.sorted(), [2, 3])
  func readsWhatKerasSaved(_ name: String, _ version: Int) throws {
    let all = try saved(version)
    let optimizer = try Optimizer(kerasConfiguration: try #require(all[name]))
    let expected = try #require(Self.settings[name])
    #expect(optimizer.algorithm == expected.algorithm)
    #expect(optimizer.weightDecay == expected.weightDecay)
    #expect(optimizer.clipping == expected.clipping)
    for step in 0..<10 {
      let (found, wanted) = (optimizer.learningRate, expected.learningRate)
      #expect(abs(found.rate(step: step) - wanted.rate(step: step)) < 1e-8)
    }
  }

  @Test(arguments: settings.keys.sorted(), [2, 3])
  func writesWhatKerasSaves(_ name: String, _ version: Int) throws {
    let expected = try #require(Self.settings[name])
    let configuration = expected.kerasConfiguration(majorVersion: version)
    #expect(try Optimizer(kerasConfiguration: configuration) == expected)
    guard case .object(let found) = configuration, case .object(let ours)? = found["config"],
      case .object(let saved)? = try saved(version)[name],
      case .object(let theirs)? = saved["config"]
    else {
      Issue.record("\(configuration)")
      return
    }
    #expect(Set(ours.keys) == Set(theirs.keys))
    #expect(found["class_name"] == saved["class_name"])
    #expect(found["module"] == saved["module"])
  }

  @Test func namesStandForDefaults() throws {
    #expect(try Optimizer(kerasConfiguration: .string("adam")) == .adam())
    #expect(try Optimizer(kerasConfiguration: .string("RMSprop")) == .rmsprop())
    #expect(try Optimizer(kerasConfiguration: .string("adamw")) == .adamW())
  }

  @Test func oldArgumentsAreRead() throws {
    let old = LayerConfiguration.Value.object([
      "class_name": .string("SGD"),
      "config": .object(["lr": .number(0.5), "decay": .number(0.25), "momentum": .number(0)]),
    ])
    let optimizer = try Optimizer(kerasConfiguration: old)
    #expect(optimizer.learningRate.rate(step: 0) == 0.5)
    #expect(optimizer.learningRate.rate(step: 4) == 0.25)
  }

  @Test func whatIsNotSupportedIsNamed() {
    #expect(
      throws: ConfigurationError(
        "the optimizer lion: this optimizer is not known; expected sgd, rmsprop, adam, adamw, "
          + "adagrad, adadelta or nadam")
    ) { try Optimizer(kerasConfiguration: .string("lion")) }
    func error(_ arguments: [String: LayerConfiguration.Value]) -> String? {
      do {
        _ = try Optimizer(kerasConfiguration: .keras("Adam", module: nil, arguments))
        return nil
      } catch { return error.message }
    }
    #expect(error(["use_ema": .bool(true)])?.contains("use_ema") == true)
    #expect(
      error(["beta_1": .string("x")])
        == "the optimizer Adam: its 'beta_1' is 'x'; expected a number")
    #expect(
      error(["clipnorm": .number(1), "clipvalue": .number(1)])?.contains("more than one") == true)
  }

  private func saved(_ version: Int) throws -> [String: LayerConfiguration.Value] {
    let file = "\(TrainingFixture.folder)/optimizers.keras\(version).json"
    let data = try Data(contentsOf: URL(filePath: file))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return json.mapValues(LayerConfiguration.Value.init(json:))
  }
}

extension LayerConfiguration.Value {
  /// What Foundation reads of JSON.
  init(json: Any) {
    switch json {
    case is NSNull: self = .null
    case let text as String: self = .string(text)
    case let list as [Any]: self = .list(list.map(Self.init(json:)))
    case let object as [String: Any]: self = .object(object.mapValues(Self.init(json:)))
    case let number as NSNumber:
      switch String(cString: number.objCType) {
      case "c", "B": self = .bool(number.boolValue)
      case "d", "f": self = .number(number.doubleValue)
      default: self = .integer(number.intValue)
      }
    default: self = .string("\(json)")
    }
  }
}
