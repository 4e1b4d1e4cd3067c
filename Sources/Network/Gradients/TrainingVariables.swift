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
  enum Layout: Equatable, Sendable {
    /// As it is, filled up with zeros.
    case plain
    /// A number for each output channel, each group filled up to whole panels.
    case channels(groups: Int)
    /// A kernel HWIO in `Panel`'s layout.
    case panels([Int], groups: Int)
    /// A depthwise kernel `[tap][channels]`, each tap filled up to whole panels.
    case depthwise([Int])
    /// The weight's numbers in another order, number i from place `order[i]`, in a layout.
    indirect case reordered([Int], Layout)
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

  /// A weight, or an array that has its numbers in another order.
  private struct Known {
    var place: Place
    var name: String
    var tensor: Tensor
    var order: [Int]?
    /// What lies where it is known to lie.
    var array: [Float]
  }

  /// Whether the network does what it does in inference: no weight changes, nothing is dropped, and gradients
  /// only go through.
  let isInference: Bool
  private(set) var variables: [Variable] = []
  private var places: [UnsafeRawPointer: Known] = [:]
  private var trainable: [Place: String] = [:]
  private var indices: [Place: Int] = [:]
  /// What operations take in different layouts, and so not all as its value.
  private var conflicting: Set<Place> = []
  /// The seed of what is random, in the state.
  var seed: Lowering.Value?
  /// How many layers have drawn by chance.
  var drawCount = 0

  init(isInference: Bool = false) { self.isInference = isInference }

  /// Makes a layer's weights known.
  mutating func register(
    _ weights: [Tensor], _ specifications: [WeightSpecification], path: String, isTrainable: Bool
  ) {
    guard isTrainable, !isInference else { return }
    for (index, weight) in weights.enumerated() {
      let place = Place(path: path, index: index)
      know(
        Known(
          place: place, name: specifications[index].name, tensor: weight, array: weight.values))
      if specifications[index].isTrainable { trainable[place] = specifications[index].name }
    }
  }

  private mutating func know(_ known: Known) {
    known.array.withUnsafeBytes {
      if let address = $0.baseAddress, $0.count > 0 { places[address] = known }
    }
  }

  /// Makes an array known that has a weight's numbers in another order; nothing where the weight is not known.
  mutating func register(_ array: [Float], reordering weight: [Float], by order: [Int]) {
    let known = weight.withUnsafeBytes { $0.baseAddress.flatMap { places[$0] } }
    guard var known else { return }
    known.order = known.order.map { before in order.map { before[$0] } } ?? order
    known.array = array
    know(known)
  }

  /// Whether each weight of a layer that training is to change has become a value.
  func checkUse(path: String) throws {
    for (place, name) in trainable
    where place.path == path && (indices[place] == nil || conflicting.contains(place)) {
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
    let layout = known.order.map { Layout.reordered($0, layout) } ?? layout
    if let index = indices[known.place] {
      if variables[index].layout == layout { return variables[index].value }
      conflicting.insert(known.place)
      return nil
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
    case .reordered(_, let layout): layout.count(tensor)
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
    case .reordered(let order, let layout):
      return layout.packed(Tensor(shape: tensor.shape, values: order.map { tensor.values[$0] }))
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
    case .reordered(let order, let layout):
      var result = Tensor(shape: shape, repeating: 0)
      let values = layout.unpacked(values, shape: shape).values
      for (index, place) in order.enumerated() { result.values[place] = values[index] }
      return result
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
