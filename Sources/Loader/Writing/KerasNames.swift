import Network

/// The names that a model's layers have in a file: their own, but for what Keras does not take.
///
/// Further calls of an operation are layers called `name:1` here, which TensorFlow does not allow; Keras 3
/// allows no slashes, which Keras 2 put into names such as `conv1/bn`.
struct KerasNames {
  /// By the layers' indices.
  let names: [String]

  init(_ network: Network, kerasMajorVersion: Int) {
    var taken = Set(network.nodes.map(\.name))
    names = network.nodes.map { node in
      var name = Self.name(node.name, kerasMajorVersion: kerasMajorVersion)
      if node.layer is TensorOperation { name = String(name.map { $0 == ":" ? "_" : $0 }) }
      if name == node.name { return name }
      while !taken.insert(name).inserted { name += "_" }
      return name
    }
  }

  /// A model's name.
  static func name(_ name: String, kerasMajorVersion: Int) -> String {
    kerasMajorVersion >= 3 ? String(name.map { $0 == "/" ? "_" : $0 }) : name
  }
}
