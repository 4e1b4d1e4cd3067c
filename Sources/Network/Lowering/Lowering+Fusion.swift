import Kernel
import Runtime

extension Lowering {
  /// Moves batch normalisations and activations into the convolutions that feed them.
  ///
  /// Only where nobody else sees the value between: a tapped layer is computed by itself. A fused
  /// operation does the same arithmetic in the same order on the same numbers, so a program with taps
  /// gives bit for bit what one without gives. That is why a batch normalisation becomes a scale and a
  /// shift behind the sum, and is not folded into the weights.
  mutating func fuse() {
    var uses = [Int](repeating: 0, count: values.count)
    var isKept = [Bool](repeating: false, count: values.count)
    var producer = [Int?](repeating: nil, count: values.count)
    for (index, step) in steps.enumerated() {
      for input in step.inputs where step.kind != .fill { uses[values[input].root] += 1 }
      producer[step.output] = index
    }
    for value in values where value.role != .intermediate { isKept[value.root] = true }

    var fused: Set<Int> = []
    for (index, step) in steps.enumerated()
    where step.kind == .scaleAndShift || step.kind == .activation {
      let root = values[step.inputs[0]].root
      guard uses[root] == 1, !isKept[root], let feeder = producer[root],
        steps[feeder].canTake(step)
      else { continue }
      steps[feeder].take(step)
      producer[step.output] = feeder
      fused.insert(index)
    }
    steps = steps.indices.filter { !fused.contains($0) }.map { steps[$0] }
  }
}

extension Lowering.Step {
  /// Whether this convolution can do `next` to its sums before it stores them.
  fileprivate func canTake(_ next: Lowering.Step) -> Bool {
    guard kind == .convolution || kind == .depthwiseConvolution, activation.function == .linear
    else { return false }
    if next.kind == .activation { return next.activation.isFused }
    return scale == nil && next.numbers == [window?.geometry.outputChannels ?? 0]
  }

  fileprivate mutating func take(_ next: Lowering.Step) {
    output = next.output
    if next.kind == .activation {
      activation = next.activation
    } else if let window, let factors = next.scale, let shifts = next.shift {
      // A grouped convolution keeps each group's channels in panels of their own.
      let channels = window.geometry.outputChannels
      scale = PackedKernel.channels(
        Array(factors.prefix(channels)), groups: window.groups, fill: 0)
      shift = PackedKernel.channels(
        Array(shifts.prefix(channels)), groups: window.groups, fill: 0)
    }
  }
}
