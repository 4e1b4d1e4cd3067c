import Kernel
import Runtime

extension Lowering {
  /// Lets direct convolutions do the maximum pooling behind them, two by two, and write the places of its results.
  ///
  /// What the convolution computes is four times what the pooling leaves, and often more than the second cache
  /// holds. So only where nobody else asks for it: the gradient of the weights takes the places.
  mutating func fuseTrackedPoolings() {
    let isReadOnce = valuesReadOnce()
    var fused: Set<Int> = []
    for index in steps.indices.dropLast() {
      let pooling = steps[index + 1]
      let root = values[steps[index].output].root
      guard steps[index].isDirect, isReadOnce[root], pooling.kind == .trackedMaximumPooling,
        values[pooling.inputs[0]].root == root, let window = steps[index].window,
        pooling.poolsPairs(of: window.geometry)
      else { continue }
      steps[index].kind = .trackedConvolution
      steps[index].isPooled = true
      steps[index].places = pooling.places
      steps[index].activation = pooling.activation
      steps[index].output = pooling.output
      steps[index].layers += pooling.layers.filter { !steps[index].layers.contains($0) }
      fused.insert(index + 1)
    }
    steps = steps.indices.filter { !fused.contains($0) }.map { steps[$0] }
  }
}

extension Lowering.Step {
  /// Whether this is a convolution by the direct method whose sums are stored as they are.
  fileprivate var isDirect: Bool {
    kind == .convolution && winogradTile == 0 && !isPooled && inputs.count == 1
      && activation.function == .linear && scale == nil
  }
}
