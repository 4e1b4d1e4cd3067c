import Network

/// Brings weights that older versions and other backends wrote to the layout of today.
///
/// The rules are those of Keras 2's own `preprocess_weights_for_loading`.
package struct WeightConversion {
  /// Whether Keras 1 wrote the file.
  var isKeras1: Bool
  /// Whether the file says that Theano computed the model; see `isTheano`.
  var backend: String?

  package init(isKeras1: Bool, backend: String?) {
    self.isKeras1 = isKeras1
    self.backend = backend
  }

  /// Joins the matrices that Keras 1 stored for each gate of an LSTM or a GRU into one kernel, one
  /// recurrent kernel and one bias; other weights stay as they are.
  package func joiningGates(_ stored: [StoredWeight]) -> [StoredWeight] {
    guard isKeras1 else { return stored }
    var result: [StoredWeight] = []
    var done: Set<String> = []
    for weight in stored {
      guard let gate = Gate(weight.name) else {
        result.append(weight)
        continue
      }
      guard done.insert(gate.layer).inserted else { continue }
      let own = stored.filter { Gate($0.name)?.layer == gate.layer }
      result += joined(own, of: gate.layer) ?? own
    }
    return result
  }

  private func joined(_ stored: [StoredWeight], of layer: String) -> [StoredWeight]? {
    // Keras 2's order of the gates.
    let order = stored.count == 12 ? ["i", "f", "c", "o"] : ["z", "r", "h"]
    guard stored.count == 3 * order.count else { return nil }
    var result: [StoredWeight] = []
    for (kind, name) in [("W", "kernel"), ("U", "recurrent_kernel"), ("b", "bias")] {
      let parts = order.compactMap { gate in
        stored.first {
          Gate($0.name).map { $0.kind == kind && $0.gate == gate } ?? false
        }?.tensor
      }
      guard parts.count == order.count, let tensor = Tensor.joinedLast(parts) else { return nil }
      // The colon tells the backend.
      let ending = stored[0].name.contains(":") ? ":0" : ""
      result.append(StoredWeight(name: "\(layer)/\(name)\(ending)", tensor: tensor))
    }
    return result
  }

  /// The name of a gate's weight: `lstm_1_W_i`.
  private struct Gate {
    var layer: String
    var kind: String
    var gate: String

    init?(_ name: String) {
      let base = name.split(separator: ":").first ?? ""
      let parts = base.split(separator: "_", omittingEmptySubsequences: false)
      guard parts.count >= 3, ["W", "U", "b"].contains(parts[parts.count - 2]),
        ["i", "c", "f", "o", "z", "r", "h"].contains(parts[parts.count - 1])
      else { return nil }
      layer = parts.dropLast(2).joined(separator: "_")
      kind = String(parts[parts.count - 2])
      gate = String(parts[parts.count - 1])
    }
  }

  /// A weight as the layer expects it; as it is where nothing is known to be done.
  package func converted(
    _ stored: StoredWeight, of layer: LayerFacts?, for specification: WeightSpecification
  ) -> Tensor {
    guard let layer, specification.name.hasSuffix("kernel") else { return stored.tensor }
    var tensor = stored.tensor
    if isKeras1 { tensor = ofKeras1(tensor, layer, specification) }
    let rank = specification.shape.count
    guard Self.turnedByTheano.contains(layer.className), tensor.shape.count == rank, rank >= 3
    else { return tensor }
    // Written with the axes of the other order by versions in between.
    if tensor.shape != specification.shape, rank == 4 {
      for order in [[2, 3, 1, 0], [3, 2, 0, 1]]
      where order.map({ tensor.shape[$0] }) == specification.shape {
        tensor = tensor.transposed(order)
        break
      }
    }
    // Theano convolves, everything else correlates.
    return isTheano(stored) ? tensor.reversed(axes: 0..<rank - 2) : tensor
  }

  /// Depthwise kernels are not among them: Keras 2 turned those itself for Theano.
  private static let turnedByTheano: Set = [
    "Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "ConvLSTM2D",
  ]

  /// Keras 1 did not store the backend, but only TensorFlow's variables are called `name:0`.
  private func isTheano(_ stored: StoredWeight) -> Bool {
    if let backend { return backend == "theano" }
    return isKeras1 && !stored.name.contains(":")
  }

  private func ofKeras1(
    _ tensor: Tensor, _ layer: LayerFacts, _ specification: WeightSpecification
  ) -> Tensor {
    let shape = tensor.shape
    switch (layer.className, shape.count) {
    case ("Conv1D", 4):
      // (length, 1, in, out), or (out, in, length, 1) before 1.2.
      let wanted = specification.shape
      var kernel = tensor
      if wanted.count == 3, shape[1] != 1 || shape[0] != wanted[0] || shape[3] != wanted[2] {
        kernel = tensor.transposed([2, 3, 1, 0])
      }
      guard kernel.shape[1] == 1 else { return tensor }
      return Tensor(
        shape: [kernel.shape[0], kernel.shape[2], kernel.shape[3]], values: kernel.values)
    case ("Conv2D", 4) where layer.isChannelsFirst,
      ("SeparableConv2D", 4) where layer.isChannelsFirst:
      return tensor.transposed([2, 3, 1, 0])
    case ("Conv2DTranspose", 4):
      return tensor.transposed(layer.isChannelsFirst ? [2, 3, 0, 1] : [0, 1, 3, 2])
    case ("Conv3D", 5) where layer.isChannelsFirst:
      return tensor.transposed([2, 3, 4, 1, 0])
    default: return tensor
    }
  }
}

/// A weight as a file has it.
package struct StoredWeight {
  /// The name in the file, which may hold slashes.
  package var name: String
  package var tensor: Tensor

  package init(name: String, tensor: Tensor) {
    self.name = name
    self.tensor = tensor
  }
}
