import Network

/// A layer with its weights, as both containers write them.
struct SavedLayer {
  /// A weight by the name that the layer has for it, with the layers inside of a nested model in front.
  struct Weight {
    var path: [String]
    var name: String
    /// The path of the layer in the network, and the name: `outer/conv2d/kernel`.
    var fullPath: String
    var tensor: Tensor
    var isTrainable: Bool
  }

  var name: String
  var className: String
  /// The layer's configuration, by which wrappers tell what is inside of them.
  var configuration: [String: LayerConfiguration.Value]
  /// The layer's own weights, in its order; none of a nested model.
  var weights: [Weight]
  /// The layers of a nested model.
  var inner: [SavedLayer]?

  /// All weights: a nested model's are those of its layers.
  var allWeights: [Weight] { weights + (inner ?? []).flatMap(\.allWeights) }

  /// The layers of a model, in Keras's order.
  ///
  /// - Throws: `NetworkError`, where one has no weights yet.
  static func layers(
    of network: Network, kerasMajorVersion: Int, path: [String] = [], prefix: String = "",
    isTrainable: Bool = true
  ) throws -> [SavedLayer] {
    let listed = Set(network.listedNodes)
    let names = KerasNames(network, kerasMajorVersion: kerasMajorVersion).names
    return try KerasOrder(network).nodes.compactMap { index in
      let node = network.nodes[index]
      let keras = KerasLayer(node.layer, kerasMajorVersion: kerasMajorVersion)
      guard listed.contains(index), !keras.isOperation else { return nil }
      let isTrainable = isTrainable && node.isTrainable
      var saved = SavedLayer(
        name: names[index], className: keras.className, configuration: [:], weights: [])
      if let nested = node.layer as? NestedNetwork {
        saved.inner = try layers(
          of: nested.network, kerasMajorVersion: kerasMajorVersion, path: path + [names[index]],
          prefix: "\(prefix)\(node.name)/", isTrainable: isTrainable)
        return saved
      }
      // What cannot be said has been refused already.
      saved.configuration = (try? keras.configuration()) ?? [:]
      let specifications = try network.weightSpecifications(ofNode: index)
      guard let weights = node.weights ?? (specifications.isEmpty ? [] : nil),
        weights.count == specifications.count
      else {
        throw NetworkError(
          "it has no weights yet; load them, or give it such as training begins with: "
            + "initializeWeights()",
          layer: (path + [node.name]).joined(separator: "/"), className: node.layer.className)
      }
      saved.weights = zip(specifications, weights).map { specification, tensor in
        Weight(
          path: path.isEmpty ? [] : path.dropFirst() + [names[index]], name: specification.name,
          fullPath: "\(prefix)\(node.name)/\(specification.name)", tensor: tensor,
          isTrainable: isTrainable && specification.isTrainable)
      }
      return saved
    }
  }
}
