import Network

extension Network {
  /// Loads a model that Keras saved: architecture and weights.
  ///
  /// Whole models as `.h5` of Keras 1, 2 and 3 or `.keras`; weights alone as `.h5` or `.weights.h5`, whose
  /// architecture another file gives. What a file is, its content says, not its name.
  ///
  /// - Parameters:
  ///   - path: The file with the weights.
  ///   - architecture: A file with the architecture, which goes before that in `path`: JSON
  ///     (`model.to_json()`), YAML, or another model.
  ///   - custom: What classes, layers or activations of these names, which Keras does not have, compute: an
  ///     activation's name, or `identity`.
  /// - Throws: `LoadError` or `NetworkError`, which say what was found and what to do.
  public init(
    contentsOf path: String, architecture: String? = nil, custom: [String: String] = [:]
  ) throws {
    let source = try ModelSource(path, architecture: architecture, custom: custom)
    guard let weights = source.file.weights else { throw source.hasNoWeights }
    do {
      self = try source.reader.network(source.architecture.model)
      try source.fill(&self, from: weights)
    } catch let error as NetworkError {
      throw LoadError(file: path, error.description)
    }
  }

  /// Loads a model's architecture, without weights, from what `model.to_json()` gives, or from a model that
  /// Keras saved, whose weights are left where they are.
  ///
  /// - Throws: `LoadError` or `NetworkError`, which say what was found and what to do.
  public init(architectureOf path: String, custom: [String: String] = [:]) throws {
    let source = try ModelSource(path, architecture: nil, custom: custom)
    do {
      self = try source.reader.network(source.architecture.model)
    } catch let error as NetworkError {
      throw LoadError(file: path, error.description)
    }
  }
}

/// A file with weights, and the architecture from it or from another.
struct ModelSource {
  let file: ModelFile
  let architecture: Architecture
  let reader: ModelReader

  init(_ path: String, architecture other: String?, custom: [String: String]) throws {
    file = try ModelFile(path: path)
    let source = try other.map { path throws(LoadError) in try ModelFile(path: path) } ?? file
    guard let architecture = try source.architecture() else {
      throw LoadError(
        file: source.path,
        other == nil
          ? "it holds weights without an architecture; name a file that has it with "
            + "--architecture: model.to_json()'s text, or a model of the same layers"
          : "it holds no architecture; expected model.to_json()'s text or a whole model")
    }
    self.architecture = architecture
    reader = ModelReader(
      file: source.path, kerasMajorVersion: architecture.kerasMajorVersion,
      custom: try CustomLayers(custom, kerasMajorVersion: architecture.kerasMajorVersion))
  }

  var hasNoWeights: LoadError {
    LoadError(
      file: file.path,
      "it holds an architecture without weights; give the file with the weights, "
        + "and this one with --architecture")
  }

  func fill(_ network: inout Network, from weights: HDF5Group) throws {
    let facts = LayerFacts.all(of: architecture.model)
    switch try WeightLayout(weights) {
    case .legacy?:
      try WeightReader(weights, facts: facts, conversion: try file.weightConversion())
        .read(into: &network)
    case .containers(let name)?:
      try ContainerWeightReader(facts: facts).read(try weights.group(name), into: &network)
    case nil:
      throw LoadError(
        file: file.path,
        "its weights have no attribute 'layer_names'; the file may be damaged")
    }
  }
}
