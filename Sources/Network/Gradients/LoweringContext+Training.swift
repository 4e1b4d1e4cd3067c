import Kernel
import Runtime

/// What layers do otherwise in training.
extension LoweringContext {
  /// Whether the network is lowered for training.
  public var isTraining: Bool { lowering.variables.map { !$0.isInference } ?? false }

  /// Whether gradients are asked for, in training or not.
  var hasGradients: Bool { lowering.variables != nil }

  /// A weight with its numbers in other places, which training still knows: where a layer lays its weights out
  /// otherwise than Keras does.
  ///
  /// - Parameter body: Gives every number a place of its own.
  mutating func rearranged(_ weight: Tensor, _ body: (Tensor) -> Tensor) -> Tensor {
    let result = body(weight)
    let count = weight.values.count
    // Floats count no further.
    guard isTraining, count <= 1 << 24 else { return result }
    let numbers = body(Tensor(shape: weight.shape, values: (0..<count).map { Float($0) }))
    lowering.variables?.register(
      result.values, reordering: weight.values, by: numbers.values.map { Int($0) })
    return result
  }

  /// Values set to zero by chance; in inference the values as they are.
  ///
  /// - Parameter isSpatial: Whether whole channels are.
  mutating func drop(
    _ input: Lowering.Value, rate: Double, isSpatial: Bool
  ) -> Lowering.Value {
    let shape = shape(input)
    guard isTraining, var variables = lowering.variables, rate > 0 else {
      return view(input, shape: shape)
    }
    lowering.variables = nil
    let seed = variables.seed ?? lowering.defineState(Panel.width)
    variables.seed = seed
    variables.drawCount += 1
    var step = step(.dropout, [input], shape: shape)
    step.activation = Kernel.Activation(.linear, alpha: Float(rate))
    step.references.weights = seed
    let channels = shape.last ?? 1
    step.numbers = [
      variables.drawCount, shape.reduce(1, *) / channels, channels, isSpatial ? 1 : 0,
    ]
    lowering.variables = variables
    return append(step)
  }

  /// Each channel of the last axis brought to mean 0 and variance 1 over the batch, scaled and shifted; nil
  /// where that is for inference, or the layer is frozen.
  mutating func normalizeBatch(
    _ input: Lowering.Value, gamma: Tensor?, beta: Tensor?, mean: Tensor, variance: Tensor,
    epsilon: Double, momentum: Double
  ) -> Lowering.Value? {
    guard let movingMean = lowering.variable(mean.values, .plain),
      let movingVariance = lowering.variable(variance.values, .plain)
    else { return nil }
    let channels = mean.values.count
    let padded = Panel.count(channels) * Panel.width
    let moments = lowering.defineState(4 * padded)
    var step = Lowering.Step(kind: .batchMoments, inputs: [input], output: moments)
    step.numbers = [channels]
    step.activation = Kernel.Activation(.linear, alpha: Float(epsilon), beta: Float(momentum))
    step.references.weights = gamma.flatMap { lowering.variable($0.values, .plain) }
    step.references.bias = beta.flatMap { lowering.variable($0.values, .plain) }
    step.references.scale = movingMean
    step.references.shift = movingVariance
    lowering.steps.append(step)
    return scaleAndShift(
      input, channels: channels,
      scale: lowering.statePart(moments, offset: 2 * padded, count: padded),
      shift: lowering.statePart(moments, offset: 3 * padded, count: padded))
  }

  /// Each channel of the last axis, scaled and shifted by values of the state.
  mutating func scaleAndShift(
    _ input: Lowering.Value, channels: Int, scale: Lowering.Value, shift: Lowering.Value
  ) -> Lowering.Value {
    var step = step(.scaleAndShift, [input], shape: shape(input))
    step.numbers = [channels]
    step.references.scale = scale
    step.references.shift = shift
    return append(step)
  }

  /// A pooling whose gradient may be asked for: with the places that its results come from.
  mutating func poolForGradients(_ pooling: Lowering.Step) -> Lowering.Value {
    var pooling = pooling
    if pooling.kind == .maximumPooling {
      pooling.kind = .trackedMaximumPooling
      pooling.places = lowering.define(shape: shape(pooling.output))
    }
    return append(pooling)
  }
}
