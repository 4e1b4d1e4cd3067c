/// Keras's `RNN`: a recurrent layer that is told its cell, or several, of which each takes at every step
/// what the one before it gives.
///
/// A cell with its loop is the recurrent layer of the same name, and cells above each other are such layers
/// one behind the other.
public struct RNN: Layer {
  public static let className = "RNN"
  public var name: String?
  private let layers: [Recurrent]
  private let isStacked: Bool
  private let returnsSequences: Bool
  private let returnsState: Bool
  private let goesBackwards: Bool

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    returnsSequences = try configuration.bool("return_sequences", default: false)
    returnsState = try configuration.bool("return_state", default: false)
    goesBackwards = try configuration.bool("go_backwards", default: false)
    guard let cell = configuration["cell"] else {
      throw LayerError("its configuration has no 'cell'; the file may be damaged")
    }
    var cells = [cell]
    isStacked = cell.list != nil || Self.className(of: cell) == "StackedRNNCells"
    if let list = cell.list {
      cells = list
    } else if isStacked, case .object(let entry) = cell, case .object(let inner)? = entry["config"]
    {
      cells = inner["cells"]?.list ?? []
    }
    guard !cells.isEmpty else { throw LayerError("it has no cells; the file may be damaged") }
    let (last, sequences, backwards) = (cells.count - 1, returnsSequences, goesBackwards)
    layers = try cells.enumerated().map { index, cell in
      try Self.layer(
        of: cell, returnsSequences: index < last || sequences,
        goesBackwards: index == 0 && backwards, configuration.kerasMajorVersion)
    }
  }

  private static func className(of cell: LayerConfiguration.Value) -> String? {
    guard case .object(let entry) = cell, case .string(let name)? = entry["class_name"] else {
      return nil
    }
    return LayerRegistry.canonicalName(name)
  }

  /// The recurrent layer of a cell: `LSTM` of `LSTMCell`.
  private static func layer(
    of cell: LayerConfiguration.Value, returnsSequences: Bool, goesBackwards: Bool, _ version: Int
  ) throws -> Recurrent {
    guard let name = className(of: cell), case .object(let entry) = cell,
      case .object(var values)? = entry["config"]
    else { throw LayerError("its cell is \(cell); expected a layer's configuration") }
    let layer = String(name.dropLast(4))
    guard name.hasSuffix("Cell"), ["LSTM", "GRU", "SimpleRNN"].contains(layer) else {
      throw LayerError(
        "its cell's class \(name) is not supported; LSTMCell, GRUCell, SimpleRNNCell and "
          + "StackedRNNCells of these are")
    }
    values["return_sequences"] = .bool(returnsSequences)
    values["return_state"] = .bool(true)
    values["go_backwards"] = .bool(goesBackwards)
    return try Recurrent(
      LayerConfiguration(className: layer, values: values, kerasMajorVersion: version))
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    let loop = ["return_sequences", "return_state", "go_backwards"]
    let cells = try layers.map { layer -> LayerConfiguration.Value in
      var values = try layer.configuration(kerasMajorVersion: version)
      for key in loop { values[key] = nil }
      values["name"] = layer.name.map { .string($0) }
      return Self.entry(layer.className + "Cell", values)
    }
    let cell = isStacked ? Self.entry("StackedRNNCells", ["cells": .list(cells)]) : cells[0]
    return [
      "cell": cell, "return_sequences": .bool(returnsSequences),
      "return_state": .bool(returnsState), "go_backwards": .bool(goesBackwards),
    ]
  }

  private static func entry(
    _ className: String, _ values: [String: LayerConfiguration.Value]
  ) -> LayerConfiguration.Value {
    .object([
      "module": .string("keras.layers"), "class_name": .string(className),
      "config": .object(values), "registered_name": .null,
    ])
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard let first = inputs.first else { throw LayerError("it has no inputs") }
    var states: [Shape] = []
    var sequence = first
    for layer in layers {
      let outputs = try layer.outputShapes([sequence])
      sequence = outputs[0]
      states += outputs.dropFirst()
    }
    return [sequence] + (returnsState ? states : [])
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    guard var sequence = inputs.first else { return [] }
    return try layers.flatMap { layer in
      let weights = try layer.weights([sequence])
      sequence = try layer.outputShapes([sequence])[0]
      return weights
    }
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    var sequence = context.inputs[0]
    var initial = context.inputs.dropFirst()
    var weights = context.weights[...]
    var states: [Lowering.Value] = []
    for layer in layers {
      let shape = Shape(context.shape(sequence))
      let count = try layer.weights([shape]).count
      let own = initial.prefix(try layer.outputShapes([shape]).count - 1)
      let outputs = try context.lower(
        layer, [sequence] + own, weights: Array(weights.prefix(count)))
      weights = weights.dropFirst(count)
      initial = initial.dropFirst(own.count)
      sequence = outputs[0]
      states += outputs.dropFirst()
    }
    return [sequence] + (returnsState ? states : [])
  }
}
