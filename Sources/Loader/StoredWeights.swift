import Network

/// The weights in a file as they are stored, whatever the layers are: no architecture is needed, and
/// nothing is converted.
public struct StoredWeights {
  /// A weight's name, `layer/weight`, and its shape.
  public struct Entry: Equatable, Sendable {
    public var name: String
    public var shape: [Int]
  }

  /// In the file's order of layers.
  public private(set) var entries: [Entry] = []
  private var places: [(group: HDF5Group, name: String)] = []

  /// Lists the weights of a file that Keras wrote; an optimizer's are left out.
  ///
  /// - Throws: `LoadError`, where the file has none, or is not one of Keras's.
  public init(contentsOf path: String) throws {
    let file = try ModelFile(path: path)
    guard let weights = file.weights else {
      throw LoadError(file: path, "it holds an architecture without weights")
    }
    if case .legacy? = try WeightLayout(weights) {
      try listLayers(weights)
    } else {
      try listContainers(weights)
    }
    var names: Set<String> = []
    for index in entries.indices where !names.insert(entries[index].name).inserted {
      // Two layers may write weights of one name into the same group.
      var number = 1
      while !names.insert("\(entries[index].name)_\(number)").inserted { number += 1 }
      entries[index].name += "_\(number)"
    }
  }

  /// The values of one of the `entries`.
  ///
  /// - Throws: `LoadError`, where they cannot be read.
  public func tensor(at index: Int) throws -> Tensor {
    try places[index].group.tensor(places[index].name)
  }

  private mutating func listLayers(_ weights: HDF5Group) throws {
    for layer in try weights.splitStrings("layer_names") ?? [] {
      let group = try weights.group(layer)
      for name in try group.splitStrings("weight_names") ?? [] {
        entries.append(
          Entry(name: Self.name(of: name, in: layer), shape: try group.shape(name)))
        places.append((group, name))
      }
    }
  }

  /// `conv2d/kernel` of the `conv2d/model/conv2d/kernel:0` in layer `conv2d`: what comes behind the layer's
  /// own name.
  private static func name(of weight: String, in layer: String) -> String {
    var parts = weight.split(separator: "/").map(String.init)
    if let last = parts.popLast() {
      parts.append(last.hasSuffix(":0") ? String(last.dropLast(2)) : last)
    }
    if let own = parts.dropLast().lastIndex(of: layer) { parts.removeSubrange(...own) }
    return ([layer] + parts).joined(separator: "/")
  }

  private mutating func listContainers(_ weights: HDF5Group) throws {
    var walk = ContainerWalk(weights, leavingOut: ["optimizer"])
    for weight in try walk.weights() {
      entries.append(Entry(name: weight.label, shape: weight.shape))
      places.append((weights, weight.name))
    }
  }
}
