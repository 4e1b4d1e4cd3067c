import CNN

extension Network {
  /// The paths of the layers that a user names, each once, in order; `all` is every layer.
  ///
  /// - Throws: `NetworkError` with all paths, where there is no such layer.
  func layerPaths(_ designations: [String]) throws -> [String] {
    var paths: [String] = []
    for designation in designations {
      let found = isAll(designation) ? layerPaths : [try layerPath(designation)]
      for path in found where !paths.contains(path) { paths.append(path) }
    }
    return paths
  }

  /// Whether a user means every layer: a layer may be called so, too.
  func isAll(_ designation: String) -> Bool { designation == "all" && !layerPaths.contains("all") }
}
