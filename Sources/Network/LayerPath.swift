extension Network {
  /// The paths of all layers as users write them: `outer/inner` inside of nested models; the order is
  /// the model's. Input layers that Keras does not list are left out.
  public var layerPaths: [String] {
    listedNodes.flatMap { index -> [String] in
      let node = nodes[index]
      guard let nested = node.layer as? NestedNetwork else { return [node.name] }
      return [node.name] + nested.network.layerPaths.map { "\(node.name)/\($0)" }
    }
  }

  /// The path of the layer that a user means by its path or, at the top level, its index, negative from
  /// the end.
  ///
  /// - Throws: `NetworkError` with all paths, where there is none.
  public func layerPath(_ designation: String) throws -> String {
    let paths = layerPaths
    if paths.contains(designation) { return designation }
    let listed = listedNodes
    if let index = Int(designation) {
      let position = index < 0 ? listed.count + index : index
      if listed.indices.contains(position) { return nodes[listed[position]].name }
      throw NetworkError(
        "there is no layer \(index); the model has layers 0 to \(listed.count - 1): "
          + paths.joined(separator: " "))
    }
    throw NetworkError(
      "there is no layer '\(designation)'; the layers are: " + paths.joined(separator: " "))
  }
}
