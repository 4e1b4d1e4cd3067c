import Kernel
import Runtime

/// The weights that training changes, as values of the state.
///
/// Layers hand their weights to operations as arrays of numbers. Here each array is known by where it lies in
/// memory: an operation that is given one of them takes the weight's value of the state in its place. What a
/// layer computes of its weights first is a new array, which is not known; such a layer does not train, and
/// says so.
struct TrainingVariables {
  /// A weight by its layer's path and its place among the layer's.
  struct Place: Hashable {
    var path: String
    var index: Int
  }

  /// How a weight lies in the state.
  enum Layout: Equatable {
    /// As it is, filled up with zeros.
    case plain
    /// A number for each output channel, each group filled up to whole panels.
    case channels(groups: Int)
    /// A kernel HWIO in `Panel`'s layout.
    case panels([Int], groups: Int)
    /// A depthwise kernel `[tap][channels]`, each tap filled up to whole panels.
    case depthwise([Int])
  }

  struct Variable {
    var place: Place
    var name: String
    var layout: Layout
    var value: Lowering.Value
    /// Whether the optimiser changes it; moving means are changed by their layer.
    var isTrainable: Bool
    var initial: Tensor
  }

  private(set) var variables: [Variable] = []
  private var places: [UnsafeRawPointer: (place: Place, name: String, tensor: Tensor)] = [:]
  private var trainable: [Place: String] = [:]
  private var indices: [Place: Int] = [:]
  /// The seed of what is random, in the state.
  var seed: Lowering.Value?
  /// How many layers have drawn by chance.
  var drawCount = 0

  /// Makes a layer's weights known.
  mutating func register(
    _ weights: [Tensor], _ specifications: [WeightSpecification], path: String, isTrainable: Bool
  ) {
    guard isTrainable else { return }
    for (index, weight) in weights.enumerated() {
      let place = Place(path: path, index: index)
      weight.values.withUnsafeBytes {
        if let address = $0.baseAddress, $0.count > 0 {
          places[address] = (place, specifications[index].name, weight)
        }
      }
      if specifications[index].isTrainable { trainable[place] = specifications[index].name }
    }
  }

  /// Whether each weight of a layer that training is to change has become a value.
  func checkUse(path: String) throws {
    for (place, name) in trainable where place.path == path && indices[place] == nil {
      throw LayerError(
        "training does not change its weight '\(name)': freeze the layer, or use another")
    }
  }

  /// The index of the variable that an array is; nil where it is no known weight.
  mutating func variable(
    _ values: [Float], _ layout: Layout, define: (Int) -> Lowering.Value
  ) -> Lowering.Value? {
    let known = values.withUnsafeBytes { $0.baseAddress.flatMap { places[$0] } }
    guard let known else { return nil }
    if let index = indices[known.place] {
      return variables[index].layout == layout ? variables[index].value : nil
    }
    let value = define(layout.count(known.tensor))
    indices[known.place] = variables.count
    variables.append(
      Variable(
        place: known.place, name: known.name, layout: layout, value: value,
        isTrainable: trainable[known.place] != nil, initial: known.tensor))
    return value
  }
}

extension TrainingVariables.Layout {
  /// The floats of a weight in the state.
  func count(_ tensor: Tensor) -> Int {
    switch self {
    case .plain: Panel.count(tensor.values.count) * Panel.width
    case .channels(let groups):
      groups * Panel.count(tensor.values.count / groups) * Panel.width
    case .panels(let shape, let groups):
      PackedKernel.panelCount(shape, groups: groups)
    case .depthwise(let shape):
      shape[0] * shape[1] * Panel.count(shape[2] * shape[3]) * Panel.width
    }
  }

  /// A weight as it lies in the state.
  func packed(_ tensor: Tensor) -> [Float] {
    switch self {
    case .plain:
      return tensor.values
        + [Float](repeating: 0, count: count(tensor) - tensor.values.count)
    case .channels(let groups):
      return PackedKernel.channels(tensor.values, groups: groups, fill: 0)
    case .panels(let shape, let groups):
      return PackedKernel.panels(Tensor(shape: shape, values: tensor.values), groups: groups)
    case .depthwise(let shape):
      return PackedKernel.depthwise(Tensor(shape: shape, values: tensor.values))
    }
  }

  /// A weight of a shape, read from how it lies in the state.
  func unpacked(_ values: UnsafePointer<Float>, shape: [Int]) -> Tensor {
    let count = shape.reduce(1, *)
    func tensor(_ place: (Int) -> Int) -> Tensor {
      Tensor(shape: shape, values: (0..<count).map { values[place($0)] })
    }
    switch self {
    case .plain: return tensor { $0 }
    case .channels(let groups):
      let perGroup = count / groups
      let padded = Panel.count(perGroup) * Panel.width
      return tensor { $0 / perGroup * padded + $0 % perGroup }
    case .panels(let kernel, let groups):
      let outputs = kernel[3]
      let perGroup = outputs / groups
      let rows = kernel[0] * kernel[1] * kernel[2]
      let panels = Panel.count(perGroup)
      return tensor { index in
        let (row, output) = (index / outputs, index % outputs)
        let (group, channel) = (output / perGroup, output % perGroup)
        return ((group * panels + channel / Panel.width) * rows + row) * Panel.width
          + channel % Panel.width
      }
    case .depthwise(let kernel):
      let channels = kernel[2] * kernel[3]
      let padded = Panel.count(channels) * Panel.width
      return tensor { $0 / channels * padded + $0 % channels }
    }
  }
}

/// A convolution's kernel that training changes: a value in `Panel`'s layout, and its shape HWIO.
struct VariableKernel {
  var value: Lowering.Value
  var shape: [Int]
}

extension Lowering {
  /// A new value of the state.
  mutating func defineState(_ count: Int) -> Value {
    let value = define(shape: [count])
    values[value].isOfState = true
    return value
  }

  /// A part of a value of the state; its place is a multiple of 16 floats.
  mutating func statePart(_ whole: Value, offset: Int, count: Int) -> Value {
    let value = defineState(count)
    values[value].part = (whole, offset)
    return value
  }

  /// The variable that an array of numbers is; nil where it is none.
  mutating func variable(
    _ array: [Float], _ layout: TrainingVariables.Layout
  ) -> Value? {
    guard var variables else { return nil }
    // Handed over, so that both can change.
    self.variables = nil
    defer { self.variables = variables }
    return variables.variable(array, layout) { defineState($0) }
  }
}
