import Kernel
import Runtime

extension Lowering {
  /// Lowers a network as in inference, with the values that a score is a sum of and that score's gradients.
  ///
  /// Inputs are the network's and, where gradients are asked for, the factors of the sum; outputs the
  /// network's, the values, the gradients of inputs and those of layers, whose outputs are taps.
  ///
  /// - Throws: `NetworkError`, where a layer between has no known gradient, or the score does not depend on
  ///   what its gradient is asked for of.
  static func lower(
    _ network: Network, score source: ScoreGradient.Source, gradients: ScoreGradient.Targets
  ) throws -> Lowering {
    var taps = Set(gradients.layers)
    switch source {
    case .layer(let path), .unactivated(let path): taps.insert(path)
    case .output, .logits: break
    }
    var lowering = try lower(
      network, taps: taps,
      variables: gradients.isEmpty ? nil : TrainingVariables(isInference: true))
    let score = try lowering.value(of: source)
    let inputs = gradients.inputs.map { lowering.inputs[$0] }
    let layers = try gradients.layers.map { try lowering.tap(ofLayer: $0) }
    lowering.addOutput(score, name: "score")
    guard !gradients.isEmpty else { return lowering }
    lowering.moveActivationsBehindPoolings()
    // A copy, for gradients are read in whole vectors, and behind the caller's memory may be nothing.
    let factors = lowering.copied(
      lowering.addInput(shape: lowering.values[score].shape, name: "factors"))
    var builder = GradientBuilder(lowering, inputs: inputs + layers)
    try builder.build(from: [(of: score, gradient: factors)]) { [] }
    lowering = builder.context.lowering
    for value in inputs + layers {
      let record = lowering.values[value]
      guard let gradient = builder.gradient(of: value) else {
        throw NetworkError(
          "the score does not depend on it, or only through what has no gradient",
          layer: record.name)
      }
      lowering.addOutput(
        lowering.view(gradient, shape: record.shape), name: record.name + " gradient")
    }
    return lowering
  }

  /// The value that a score is of, in the shape of the output or layer.
  private mutating func value(of source: ScoreGradient.Source) throws -> Value {
    switch source {
    case .output(let index): return outputs[index]
    case .logits(let index): return input(of: outputs[index]) { $0.makesProbabilities }
    case .layer(let path): return try tap(ofLayer: path)
    case .unactivated(let path):
      return input(of: try tap(ofLayer: path)) { $0.kind == .activation || $0.kind == .softmax }
    }
  }

  /// What the step that computes a value is applied to, in the value's shape; the value, where the step is not
  /// such.
  private mutating func input(of value: Value, where isSuch: (Step) -> Bool) -> Value {
    guard let last = producer(of: value), isSuch(last) else { return value }
    return view(last.inputs[0], shape: values[value].shape)
  }

  /// What a layer gives where it is first used.
  private func tap(ofLayer path: String) throws -> Value {
    guard let value = values.firstIndex(where: { $0.role == .tap && $0.name == path }) else {
      throw NetworkError("the model does not use it, so it computes nothing", layer: path)
    }
    return value
  }
}

extension Lowering.Step {
  /// Whether it is a softmax, its logarithm or a sigmoid.
  fileprivate var makesProbabilities: Bool {
    kind == .softmax || kind == .activation && activation.function == .sigmoid
  }
}
