import Network
import Training

/// A training's state as both containers write it: the configuration, and the optimizer's variables in
/// Keras's order.
struct SavedTraining {
  /// The attribute `training_config` of an `.h5`.
  let configuration: String
  let optimizerName: String
  let variables: [Variable]
  /// How far the training is, as JSON, and the weights that it may go back to; nil where that is not known.
  let position: (text: String, weights: [(path: String, tensor: Tensor)])?

  /// The group for the position, which Keras does not look at.
  static let positionGroup = "cnn_training"

  /// A number or an array that an optimizer keeps.
  struct Variable {
    enum Value {
      case integer(Int)
      case tensor(Tensor)
    }

    /// In an `.h5`.
    var name: String
    var value: Value

    func write(to group: HDF5OutputGroup, as name: String) throws(SaveError) {
      switch value {
      case .integer(let integer): try group.setDataset(name, integer)
      case .tensor(let tensor): try group.setDataset(name, tensor)
      }
    }
  }

  /// - Throws: `NetworkError`, where an array of the optimizer does not have its weight's shape.
  init(
    _ state: TrainingState, of layers: [SavedLayer], in model: String, kerasMajorVersion: Int,
    format: ModelFormat
  ) throws {
    let isLegacy = format == .hdf5
    configuration = JSON.text(
      state.kerasConfiguration(majorVersion: kerasMajorVersion, isLegacyFile: isLegacy))
    optimizerName = state.optimizer.kerasName(majorVersion: kerasMajorVersion)
    position = state.position.map { position in
      (
        JSON.text(position.configuration),
        position.bestWeights.sorted { $0.key < $1.key }.map { (path: $0.key, tensor: $0.value) }
      )
    }
    let weights = layers.flatMap(\.allWeights).filter(\.isTrainable)
    var names = VariableNames(optimizer: optimizerName, model: model, kerasMajorVersion)
    var variables = [Variable(name: names.iteration, value: .integer(state.iterations))]
    if kerasMajorVersion >= 3, case .constant(let rate) = state.optimizer.learningRate {
      let rate = Tensor(shape: [], values: [Float(rate)])
      variables.append(Variable(name: "\(optimizerName)/learning_rate", value: .tensor(rate)))
    }
    for run in state.optimizer.slotRuns(kerasMajorVersion: kerasMajorVersion) {
      for weight in weights {
        for slot in run {
          variables.append(
            Variable(
              name: names.name(slot, of: weight),
              value: .tensor(try Self.tensor(slot, of: weight, in: state))))
        }
      }
    }
    if kerasMajorVersion >= 3, let product = state.optimizer.momentumProduct(state.iterations) {
      let product = Tensor(shape: [], values: [product])
      variables.append(Variable(name: "\(optimizerName)/variable", value: .tensor(product)))
    }
    self.variables = variables
  }

  /// Writes how far the training is below the root of a file.
  func writePosition(to root: HDF5OutputGroup) throws(SaveError) {
    guard let position else { return }
    let group = try root.group(Self.positionGroup)
    try group.setAttribute("position", position.text)
    if position.weights.isEmpty { return }
    let best = try group.group("best_weights")
    try best.setAttribute("weight_names", position.weights.map(\.path))
    for (number, weight) in position.weights.enumerated() {
      try best.setDataset("\(number)", weight.tensor)
    }
  }

  private static func tensor(
    _ slot: Optimizer.Slot, of weight: SavedLayer.Weight, in state: TrainingState
  ) throws -> Tensor {
    let shape = weight.tensor.shape
    guard let tensor = state.slots[weight.fullPath]?[slot.name] else {
      return Tensor(shape: shape, repeating: slot.initialValue)
    }
    guard tensor.shape == shape else {
      throw NetworkError(
        "the optimizer's \(slot.name) of the weight '\(weight.fullPath)' has shape "
          + "\(tensor.shape); expected \(shape)")
    }
    return tensor
  }
}

/// What an `.h5` calls an optimizer's variables.
private struct VariableNames {
  let optimizer: String
  let model: String
  let kerasMajorVersion: Int
  private var taken: Set<String> = []

  init(optimizer: String, model: String, _ kerasMajorVersion: Int) {
    self.optimizer = optimizer
    self.model = KerasNames.name(model, kerasMajorVersion: kerasMajorVersion)
    self.kerasMajorVersion = kerasMajorVersion
  }

  var iteration: String { kerasMajorVersion >= 3 ? "\(optimizer)/iteration" : "iteration:0" }

  /// `adam/sequential_conv2d_kernel_velocity`, and in Keras 2 `Adam/v/conv2d/kernel:0`.
  mutating func name(_ slot: Optimizer.Slot, of weight: SavedLayer.Weight) -> String {
    let ending = kerasMajorVersion >= 3 ? "_\(slot.name)" : ":0"
    let base =
      kerasMajorVersion >= 3
      ? "\(optimizer)/\(model)_" + weight.fullPath.split(separator: "/").joined(separator: "_")
      : "\(optimizer)/\(slot.keras2Name)/\(weight.fullPath)"
    var name = base + ending
    var number = 0
    while !taken.insert(name).inserted {
      number += 1
      name = "\(base)_\(number)\(ending)"
    }
    return name
  }
}

extension Optimizer {
  /// The slots in Keras's order: for each run of them all weights, and for each weight the run's slots.
  func slotRuns(kerasMajorVersion: Int) -> [[Slot]] {
    var runs: [[Slot]] = []
    for slot in kerasMajorVersion >= 3 ? slots : keras2Slots {
      if slot.isWithPrevious {
        runs[runs.count - 1].append(slot)
      } else {
        runs.append([slot])
      }
    }
    return runs
  }
}
