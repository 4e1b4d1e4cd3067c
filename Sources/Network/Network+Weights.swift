extension Network {
  /// The number of weights of a layer, those of a nested model's layers included; all are fixed where
  /// the layer is frozen.
  public func parameterCount(ofNode index: Int) throws -> (trainable: Int, fixed: Int) {
    var result = (trainable: 0, fixed: 0)
    if let nested = nodes[index].layer as? NestedNetwork {
      result = try nested.network.parameterCount()
    }
    for weight in try weightSpecifications(ofNode: index) {
      if weight.isTrainable {
        result.trainable += weight.count
      } else {
        result.fixed += weight.count
      }
    }
    return nodes[index].isTrainable ? result : (0, result.trainable + result.fixed)
  }

  /// The number of all weights.
  public func parameterCount() throws -> (trainable: Int, fixed: Int) {
    var result = (trainable: 0, fixed: 0)
    for index in nodes.indices {
      let count = try parameterCount(ofNode: index)
      result.trainable += count.trainable
      result.fixed += count.fixed
    }
    return result
  }

  /// Gives every layer that has none the weights that training begins with: as its arguments say, otherwise
  /// by Keras's defaults, kernels Glorot uniform and biases zero. The same seed gives the same weights.
  public mutating func initializeWeights(seed: UInt64 = 0) throws {
    var generator = SplitMix64(state: seed)
    try initializeWeights(using: &generator)
  }

  private mutating func initializeWeights(using generator: inout SplitMix64) throws {
    for index in nodes.indices {
      if var nested = nodes[index].layer as? NestedNetwork {
        try nested.network.initializeWeights(using: &generator)
        replaceLayer(ofNode: index, by: nested)
      } else if nodes[index].weights == nil {
        let options = nodes[index].options
        let weights = try naming(index) {
          try weightSpecifications(ofNode: index).map {
            try options.initializer($0).tensor($0.shape, using: &generator)
          }
        }
        try setWeights(weights, ofNode: index)
      }
    }
  }
}

/// A small generator with 64 bits of state: Steele, Lea and Flood, Fast Splittable Pseudorandom Number
/// Generators, 2014.
package struct SplitMix64: RandomNumberGenerator {
  /// From one state to the next.
  package static let step: UInt64 = 0x9e37_79b9_7f4a_7c15
  package var state: UInt64

  package init(state: UInt64) { self.state = state }

  package mutating func next() -> UInt64 {
    state &+= Self.step
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
