import Kernel
import Runtime

extension Lowering {
  /// Moves a ReLU that feeds nothing but a maximum pooling behind it.
  ///
  /// The largest value's result is the largest, and where the ReLU cuts off there is no gradient: results and
  /// gradients are the same, and there are fewer values to go through.
  mutating func moveActivationsBehindPoolings() {
    var uses = [Int](repeating: 0, count: values.count)
    for step in steps {
      for input in step.inputs where !step.readsNothing { uses[values[input].root] += 1 }
    }
    var kept = [Bool](repeating: false, count: values.count)
    for value in values where value.role != .intermediate { kept[value.root] = true }
    var index = 1
    while index + 1 < steps.count {
      defer { index += 1 }
      let (activation, pooling) = (steps[index - 1], steps[index])
      let root = values[activation.output].root
      guard activation.kind == .activation, pooling.kind == .maximumPooling,
        activation.activation.function == .relu
          || activation.activation.function == .reluBounded,
        values[pooling.inputs[0]].root == root, uses[root] == 2, !kept[root]
      else { continue }
      let pooled = define(shape: values[pooling.output].shape)
      steps[index - 1] = pooling
      steps[index - 1].inputs = activation.inputs
      steps[index - 1].output = pooled
      steps[index - 1].layers = activation.layers + pooling.layers
      steps[index] = steps[index + 1]
      steps[index].inputs = activation.inputs
      steps[index + 1] = activation
      steps[index + 1].inputs = [pooled]
      steps[index + 1].output = pooling.output
    }
  }
}
