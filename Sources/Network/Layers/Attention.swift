import Kernel

/// Attention without weights of its own, of query, value and, if it differs from the value, key: the
/// dot product's (Luong) or the sum's (Bahdanau).
public struct Attention: Layer {
  public static let className = "Attention"
  public let className: String
  public var name: String?
  private let useScale: Bool
  private let isAdditive: Bool

  static let classNames = ["Attention", "AdditiveAttention"]

  public init(_ configuration: LayerConfiguration) throws {
    className = configuration.className
    name = configuration.name
    isAdditive = className == "AdditiveAttention"
    useScale = try configuration.bool("use_scale", default: isAdditive)
    let mode = try configuration.string("score_mode", default: "dot")
    guard mode == "dot" || isAdditive else {
      throw LayerError("its score_mode '\(mode)' is not supported; only 'dot' is")
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    // Without the score's mode, which is the default: Keras 3 would take its name for a function's.
    return ["use_scale": .bool(useScale)]
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard inputs.count == 2 || inputs.count == 3, inputs.allSatisfy({ $0.rank == 2 }) else {
      throw LayerError("it takes a query, a value and a key, each (None, steps, values)")
    }
    return [Shape([inputs[0].sizes[0], inputs[1].sizes[1]])]
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    guard useScale else { return [] }
    return [
      WeightSpecification(
        "scale", isAdditive ? [try inputs[0].channels] : [], initializer: .ones)
    ]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let (query, value) = (context.inputs[0], context.inputs[1])
    let key = context.inputs.count == 3 ? context.inputs[2] : value
    let (steps, width) = (context.shape(query)[0], context.shape(query)[1])
    let others = context.shape(key)[0]
    var scores: Lowering.Value
    if isAdditive {
      let sums = try context.combine(
        .addition, context.view(query, shape: [steps, 1, width]),
        context.view(key, shape: [1, others, width]))
      var values = context.apply(Kernel.Activation(.tanh), sums)
      if useScale { values = try context.combine(.multiplication, values, context.weights[0]) }
      scores = context.reduce(.sum, values, axes: [2])
    } else {
      scores = context.multiplyMatrices(query, try context.permute(key, [1, 0]))
      if useScale { scores = try context.combine(.multiplication, scores, context.weights[0]) }
    }
    let shares = try context.activate(scores, .softmax)
    return [context.multiplyMatrices(shares, value)]
  }
}
