import Kernel
import Runtime

extension Lowering {
  /// Moves batch normalisations, additions, activations and poolings into the convolutions that feed
  /// them.
  ///
  /// Only where nobody else sees the value between: a tapped layer is computed by itself. A fused
  /// operation does the same arithmetic in the same order on the same numbers, so a program with taps
  /// gives bit for bit what one without gives. That is why a batch normalisation becomes a scale and a
  /// shift behind the sum, and is not folded into the weights.
  mutating func fuse() {
    let isReadOnce = valuesReadOnce()
    var producer = [Int?](repeating: nil, count: values.count)
    for (index, step) in steps.enumerated() { producer[values[step.output].root] = index }

    var fused: Set<Int> = []
    for (index, step) in steps.enumerated() {
      // An addition goes to the later of the two that feed it: by then the other's value is there.
      let feeders = step.inputs.map { producer[values[$0].root] ?? -1 }
      guard let feeder = feeders.max(), feeder >= 0, let position = feeders.firstIndex(of: feeder)
      else { continue }
      let root = values[step.inputs[position]].root
      guard isReadOnce[root], steps[feeder].canTake(step) else { continue }
      if step.kind == .addition {
        guard step.inputs.count == 2, feeders[0] != feeders[1] else { continue }
        steps[feeder].inputs.append(step.inputs[1 - position])
      }
      steps[feeder].take(step)
      producer[values[step.output].root] = feeder
      fused.insert(index)
    }
    steps = steps.indices.filter { !fused.contains($0) }.map { steps[$0] }
    foldPadding()
  }

  /// For each value, by its root, whether one step reads it, once, and nobody else sees it: what it is computed by may
  /// do then what reads it.
  func valuesReadOnce() -> [Bool] {
    var uses = [Int](repeating: 0, count: values.count)
    for step in steps {
      for input in step.inputs where !step.readsNothing { uses[values[input].root] += 1 }
    }
    var result = uses.map { $0 == 1 }
    for value in values where value.role != .intermediate { result[value.root] = false }
    return result
  }

  /// Makes zeros around a picture the padding of the window that slides over it, which takes no copy:
  /// taps outside of the picture are left out.
  ///
  /// The same to the bit, since a zero times a weight adds nothing. A maximum is the same only where no
  /// value is below zero, as behind a ReLU; a mean would be of fewer values.
  private mutating func foldPadding() {
    let isReadOnce = valuesReadOnce()
    var isPositive = [Bool](repeating: false, count: values.count)
    for step in steps {
      isPositive[values[step.output].root] = step.activation.isPositive && !step.readsNothing
    }

    var folded: Set<Int> = []
    for (index, copy) in steps.enumerated() {
      guard let padding = copy.padding, index > 0 else { continue }
      let padded = values[copy.output].root
      guard isReadOnce[padded], steps[index - 1].kind == .fill,
        let reader = steps.indices.first(where: { reader in
          steps[reader].inputs.contains { values[$0].root == padded }
            && !steps[reader].readsNothing
        }), steps[reader].inputs.count == 1, var window = steps[reader].window,
        // A dense layer sees the picture as one line.
        values[padded].shape == [
          window.geometry.inputHeight, window.geometry.inputWidth, window.geometry.inputChannels,
        ]
      else { continue }
      switch steps[reader].kind {
      case .convolution, .depthwiseConvolution: break
      case .maximumPooling where isPositive[values[copy.inputs[0]].root]: break
      default: continue
      }
      let shape = values[copy.inputs[0]].shape
      window.geometry.inputHeight = shape[0]
      window.geometry.inputWidth = shape[1]
      window.geometry.paddingTop += padding.top
      window.geometry.paddingLeft += padding.left
      steps[reader].window = window
      steps[reader].inputs = copy.inputs
      steps[reader].layers = copy.layers + steps[reader].layers
      folded.formUnion([index - 1, index])
    }
    steps = steps.indices.filter { !folded.contains($0) }.map { steps[$0] }
  }
}

extension Lowering.Step {
  /// Whether this convolution can do `next` to its sums before it stores them.
  fileprivate func canTake(_ next: Lowering.Step) -> Bool {
    guard let window, !isPooled else { return false }
    switch kind {
    case .convolution, .depthwiseConvolution, .transposedConvolution: break
    default: return false
    }
    let isLinear = activation.function == .linear
    switch next.kind {
    case .activation: return isLinear && next.activation.isFused
    case .scaleAndShift:
      return isLinear && scale == nil && inputs.count == 1
        && next.numbers == [window.geometry.outputChannels]
    case .addition: return isLinear && kind != .depthwiseConvolution && inputs.count == 1
    case .maximumPooling:
      return kind == .convolution && inputs.count == 1 && next.poolsPairs(of: window.geometry)
    default: return false
    }
  }

  /// Whether this is a pooling, or a pooling's gradient, of every two by two results of a convolution.
  func poolsPairs(of convolution: WindowGeometry) -> Bool {
    guard let pooling = window?.geometry else { return false }
    return pooling.windowHeight == 2 && pooling.windowWidth == 2 && pooling.strideY == 2
      && pooling.strideX == 2 && pooling.dilationY == 1 && pooling.dilationX == 1
      && pooling.paddingTop == 0 && pooling.paddingLeft == 0
      && pooling.outputHeight == convolution.outputHeight / 2
      && pooling.outputWidth == convolution.outputWidth / 2
  }

  fileprivate mutating func take(_ next: Lowering.Step) {
    output = next.output
    layers += next.layers.filter { !layers.contains($0) }
    switch next.kind {
    case .activation: activation = next.activation
    case .maximumPooling: isPooled = true
    case .scaleAndShift:
      guard let window, let factors = next.scale, let shifts = next.shift else { return }
      // A grouped convolution keeps each group's channels in panels of their own.
      let channels = window.geometry.outputChannels
      scale = PackedKernel.channels(
        Array(factors.prefix(channels)), groups: window.groups, fill: 0)
      shift = PackedKernel.channels(
        Array(shifts.prefix(channels)), groups: window.groups, fill: 0)
    default: break
    }
  }
}
