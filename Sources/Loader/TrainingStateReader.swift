import Network
import Training

extension Network {
  /// Loads what a model's file says of its training, so that training can go on: an `.h5` of Keras 2 or 3, or
  /// a `.keras` file of Keras 3.
  ///
  /// - Parameter custom: As for `Network(contentsOf:)`.
  /// - Returns: Nil where the file says nothing: the model was not compiled.
  /// - Throws: `LoadError` or `NetworkError`, where it says something that is not supported, or
  ///   that does not fit the model.
  public static func trainingState(
    contentsOf path: String, custom: [String: String] = [:]
  ) throws -> TrainingState? {
    let source = try ModelSource(path, architecture: nil, custom: custom)
    guard let configuration = try source.trainingConfiguration() else { return nil }
    do {
      var state = try TrainingState(kerasConfiguration: configuration)
      let reader = TrainingStateReader(
        file: path, weights: try source.reader.network(source.architecture.model).trainedWeights())
      try reader.read(source.file, into: &state)
      try reader.readPosition(source.file, into: &state)
      return state
    } catch let error as ConfigurationError {
      throw LoadError(file: path, error.description)
    } catch let error as NetworkError {
      throw LoadError(file: path, error.description)
    }
  }

  /// The weights that training changes, in Keras's order: their paths and shapes.
  func trainedWeights(
    prefix: String = "", isTrainable: Bool = true
  ) throws -> [(path: String, shape: [Int])] {
    try KerasOrder(self).nodes.flatMap { index in
      let node = nodes[index]
      let isTrainable = isTrainable && node.isTrainable
      if let nested = node.layer as? NestedNetwork {
        return try nested.network.trainedWeights(
          prefix: "\(prefix)\(node.name)/", isTrainable: isTrainable)
      }
      return try weightSpecifications(ofNode: index).filter { isTrainable && $0.isTrainable }
        .map { ("\(prefix)\(node.name)/\($0.name)", $0.shape) }
    }
  }
}

extension ModelSource {
  /// Keras's `training_config` or `compile_config`; nil where the file has none.
  fileprivate func trainingConfiguration() throws(LoadError) -> LayerConfiguration.Value? {
    if case .object(let object)? = architecture.model["compile_config"], !object.isEmpty {
      // Keras says no more than how a model is built that was not compiled.
      return object["optimizer"] == nil && object["loss"] == nil ? nil : .object(object)
    }
    guard let text = file.training else { return nil }
    do throws(ParseError) {
      return try JSON.value(text)
    } catch {
      throw LoadError(
        file: file.path,
        "its attribute 'training_config' is not JSON (\(error.message)); the file may be damaged")
    }
  }
}

/// Reads an optimizer's variables.
private struct TrainingStateReader {
  let file: String
  /// Those that are trained, in Keras's order.
  let weights: [(path: String, shape: [Int])]

  func read(_ model: ModelFile, into state: inout TrainingState) throws {
    guard let group = model.weights else { return }
    if group.contains("optimizer/vars") {
      try readNumbered(try group.group("optimizer/vars"), into: &state)
      return
    }
    let root = try group.file.root
    for name in ["optimizer_weights", "optimizer_state"] where root.contains(name) {
      try readNamed(try root.group(name), into: &state)
      return
    }
  }

  /// How far the training is, where the file was written by training here.
  func readPosition(_ model: ModelFile, into state: inout TrainingState) throws {
    let name = SavedTraining.positionGroup
    guard let root = try model.weights?.file.root, root.contains(name) else { return }
    let group = try root.group(name)
    guard let text = try group.string("position") else { return }
    let value: LayerConfiguration.Value
    do throws(ParseError) {
      value = try JSON.value(text)
    } catch {
      throw LoadError(
        file: file,
        "its attribute 'position' is not JSON (\(error.message)); the file may be damaged")
    }
    var position = try TrainingPosition(configuration: value)
    if group.contains("best_weights") {
      let best = try group.group("best_weights")
      for (number, path) in (try best.splitStrings("weight_names") ?? []).enumerated() {
        position.bestWeights[path] = try best.tensor("\(number)")
      }
    }
    state.position = position
  }

  /// Variables under their numbers, as `.keras` files have them.
  private func readNumbered(_ group: HDF5Group, into state: inout TrainingState) throws {
    let count = try group.names().count { Int($0) != nil }
    if count == 0 { return }
    state.iterations = try iterations(group, "0")
    for version in [3, 2] {
      var number = 1
      if version >= 3, case .constant = state.optimizer.learningRate { number += 1 }
      let runs = state.optimizer.slotRuns(kerasMajorVersion: version)
      let last = number + runs.reduce(0) { $0 + $1.count } * weights.count
      let hasProduct = version >= 3 && state.optimizer.momentumProduct(0) != nil
      // What has not been trained yet may have no arrays.
      if count == number { return }
      guard count == last + (hasProduct ? 1 : 0) else { continue }
      for run in runs {
        for weight in weights {
          for slot in run {
            try set(slot, of: weight, to: "\(number)", in: group, &state)
            number += 1
          }
        }
      }
      return
    }
    throw wrongCount(count, state)
  }

  /// Variables by their names, which say the slot, and in Keras's order of weights for each slot.
  private func readNamed(_ group: HDF5Group, into state: inout TrainingState) throws {
    let names = try group.splitStrings("weight_names") ?? []
    guard names.count <= 8 * (weights.count + 1) else { throw wrongCount(names.count, state) }
    var counts: [String: Int] = [:]
    for name in names {
      let parts = name.split(separator: "/").map { $0.split(separator: ":").first ?? $0 }
      guard let last = parts.last else { continue }
      if last.hasPrefix("iter") {
        state.iterations = try iterations(group, name)
      } else if let slot = slot(parts.map(String.init), state.optimizer) {
        let position = counts[slot.name, default: 0]
        guard position < weights.count else { throw wrongCount(names.count, state) }
        try set(slot, of: weights[position], to: name, in: group, &state)
        counts[slot.name] = position + 1
      }
    }
    guard counts.values.allSatisfy({ $0 == weights.count }) else {
      throw wrongCount(names.count, state)
    }
  }

  /// The slot that a name is of: Keras 3's ends in it, Keras 2's has it behind the optimizer's, and that of
  /// early Keras 2 behind the weight's.
  private func slot(_ parts: [String], _ optimizer: Optimizer) -> Optimizer.Slot? {
    let slots = optimizer.slots
    guard let last = parts.last else { return nil }
    let old = ["rms": "velocity", "mg": "average_gradient"][last] ?? last
    if let slot = slots.first(where: { $0.keras2Name == last || $0.name == old }) { return slot }
    if parts.count > 2, let slot = slots.first(where: { $0.keras2Name == parts[1] }) {
      return slot
    }
    return slots.filter { last.hasSuffix("_\($0.name)") }.max { $0.name.count < $1.name.count }
  }

  private func set(
    _ slot: Optimizer.Slot, of weight: (path: String, shape: [Int]), to name: String,
    in group: HDF5Group, _ state: inout TrainingState
  ) throws {
    let shape = try group.shape(name)
    guard shape == weight.shape else {
      throw LoadError(
        file: file,
        "the optimizer's \(slot.name) of '\(weight.path)' in '\(group.place)\(name)' has shape "
          + "\(shape); expected \(weight.shape)")
    }
    state.slots[weight.path, default: [:]][slot.name] = try group.tensor(name)
  }

  private func iterations(_ group: HDF5Group, _ name: String) throws -> Int {
    let iterations = try group.integer(name)
    guard iterations >= 0 else {
      throw LoadError(
        file: file, "the optimizer has made \(iterations) steps; the file is damaged")
    }
    return iterations
  }

  private func wrongCount(_ count: Int, _ state: TrainingState) -> LoadError {
    let slots = state.optimizer.slots.map(\.name).joined(separator: ", ")
    return LoadError(
      file: file,
      "the optimizer \(state.optimizer.className) has \(count) variables in the file, which does not "
        + "fit the model's \(weights.count) weights that are trained"
        + (slots.isEmpty ? "" : " with each their \(slots)"))
  }
}
