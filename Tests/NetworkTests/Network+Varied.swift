import Network

extension Network {
  /// Gives biases and normalisations other weights than they begin with: zeros, and what does nothing.
  mutating func varyVectors() throws {
    for (position, node) in nodes.enumerated() {
      guard var weights = node.weights else { continue }
      for index in weights.indices where weights[index].shape.count == 1 {
        weights[index].values = weights[index].values.indices.map { 0.5 + Float($0 % 5) * 0.25 }
      }
      try setWeights(weights, ofNode: position)
    }
  }
}
