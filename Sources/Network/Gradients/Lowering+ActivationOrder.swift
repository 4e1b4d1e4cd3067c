import Kernel
import Runtime

extension Lowering {
  /// Moves a ReLU that feeds nothing but a maximum pooling behind it.
  ///
  /// The largest value's result is the largest, and where the ReLU cuts off there is no gradient: results and
  /// gradients are the same, and there are fewer values to go through.
  mutating func moveActivationsBehindPoolings() {
    let isReadOnce = valuesReadOnce()
    var merged: Set<Int> = []
    for index in steps.indices.dropFirst() {
      let (activation, pooling) = (steps[index - 1], steps[index])
      let root = values[activation.output].root
      guard activation.kind == .activation, pooling.kind == .trackedMaximumPooling,
        activation.activation.function == .relu
          || activation.activation.function == .reluBounded,
        values[pooling.inputs[0]].root == root, isReadOnce[root]
      else { continue }
      if activation.activation.function == .relu {
        // The pooling takes it in, and with the places its gradient.
        merged.insert(index - 1)
        steps[index].inputs = activation.inputs
        steps[index].activation = activation.activation
        steps[index].layers = activation.layers + pooling.layers
        continue
      }
      let pooled = define(shape: values[pooling.output].shape)
      steps[index - 1] = pooling
      steps[index - 1].inputs = activation.inputs
      steps[index - 1].output = pooled
      steps[index - 1].layers = activation.layers + pooling.layers
      steps[index] = activation
      steps[index].inputs = [pooled]
      steps[index].output = pooling.output
    }
    steps = steps.indices.filter { !merged.contains($0) }.map { steps[$0] }
  }
}
