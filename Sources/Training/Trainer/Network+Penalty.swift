import Network

extension Regularizer {
  /// l1 · Σ|w| + l2 · Σw², summed up in double precision.
  func penalty(_ weights: UnsafeBufferPointer<Float>) -> Double {
    var (magnitudes, squares) = (0.0, 0.0)
    for weight in weights {
      let weight = Double(weight)
      magnitudes += abs(weight)
      squares += weight * weight
    }
    return l1 * magnitudes + l2 * squares
  }
}

extension Network {
  /// What weights add to the loss by themselves, by their paths.
  func regularizers(prefix: String = "") throws -> [String: Regularizer] {
    var result: [String: Regularizer] = [:]
    for (index, node) in nodes.enumerated() {
      if let nested = node.layer as? NestedNetwork {
        let inner = try nested.network.regularizers(prefix: "\(prefix)\(node.name)/")
        result.merge(inner) { first, _ in first }
      }
      for weight in try weightSpecifications(ofNode: index) {
        result["\(prefix)\(node.name)/\(weight.name)"] = node.options.regularizer(weight)
      }
    }
    return result
  }

  /// What the weights that are trained add to the loss by themselves.
  func penalty() throws -> Double {
    var sum = 0.0
    for (index, node) in nodes.enumerated() where node.isTrainable {
      if let nested = node.layer as? NestedNetwork { sum += try nested.network.penalty() }
      guard let weights = node.weights else { continue }
      for (weight, tensor) in zip(try weightSpecifications(ofNode: index), weights)
      where weight.isTrainable {
        guard let regularizer = node.options.regularizer(weight) else { continue }
        sum += tensor.values.withUnsafeBufferPointer(regularizer.penalty)
      }
    }
    return sum
  }
}
