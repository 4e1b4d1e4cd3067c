/// A recurrent layer forwards and one backwards.
public struct Bidirectional: Layer {
  public static let className = "Bidirectional"
  public var name: String?
  private let forward: any Layer
  private let backward: any Layer
  /// Whether the layer that goes backwards is another, and not the same turned around.
  private let hasOwnBackward: Bool
  /// How both outputs become one; nil where they stay two.
  private let merging: String?
  private let returnsSequences: Bool

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    forward = try configuration.layer("layer")
    guard case .object(var entry)? = configuration["layer"],
      case .object(var values)? = entry["config"]
    else { throw LayerError("its 'layer' is not a layer's configuration") }
    returnsSequences = values["return_sequences"] == .bool(true)
    hasOwnBackward = configuration["backward_layer"] != nil
    if hasOwnBackward {
      backward = try configuration.layer("backward_layer")
    } else {
      values["go_backwards"] = .bool(values["go_backwards"] != .bool(true))
      entry["config"] = .object(values)
      var turned = configuration
      turned.values["layer"] = .object(entry)
      backward = try turned.layer("layer")
    }
    // Given as null, it says that there are two outputs.
    let isGiven = configuration.values["merge_mode"] != nil
    merging =
      isGiven && configuration["merge_mode"] == nil
      ? nil : try configuration.string("merge_mode", default: "concat")
    if let merging, !["concat", "sum", "mul", "ave"].contains(merging) {
      throw LayerError("its merge_mode '\(merging)' is not supported")
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    var values: [String: LayerConfiguration.Value] = [
      "layer": try forward.entry(kerasMajorVersion: version),
      "merge_mode": merging.map { .string($0) } ?? .null,
    ]
    if hasOwnBackward {
      values["backward_layer"] = try backward.entry(kerasMajorVersion: version)
    }
    return values
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard let input = inputs.first, inputs.count % 2 == 1 else {
      throw LayerError(
        "it has \(inputs.count) inputs; it takes one, and as many states for each direction")
    }
    var first = try forward.outputShapes([input])
    let second = try backward.outputShapes([input])
    guard merging != nil else {
      return [first[0], second[0]] + first.dropFirst() + second.dropFirst()
    }
    if merging == "concat" {
      first[0].sizes[first[0].rank - 1] = try first[0].channels + second[0].channels
    }
    return first + second.dropFirst()
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let sequence = Array(inputs.prefix(1))
    return try forward.weights(sequence) + backward.weights(sequence)
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let input = context.inputs[0]
    let count = try forward.weights([Shape(context.shape(input))]).count
    let states = context.inputs.dropFirst()
    let first = try context.lower(
      forward, [input] + states.prefix(states.count / 2),
      weights: Array(context.weights.prefix(count)))
    var second = try context.lower(
      backward, [input] + states.suffix(states.count / 2),
      weights: Array(context.weights.dropFirst(count)))
    if returnsSequences {
      let steps = context.shape(second[0])[0]
      second[0] = try context.take(second[0], axis: 0, Array((0..<steps).reversed()))
    }
    let after = first.dropFirst() + second.dropFirst()
    guard let merging else { return [first[0], second[0]] + after }
    return [try merge(&context, first[0], second[0], merging)] + after
  }

  private func merge(
    _ context: inout LoweringContext, _ first: Lowering.Value, _ second: Lowering.Value,
    _ merging: String
  ) throws -> Lowering.Value {
    switch merging {
    case "sum": return context.add(first, second)
    case "mul": return try context.combine(.multiplication, first, second)
    case "ave":
      let half = Tensor(shape: [], values: [0.5])
      return try context.combine(.multiplication, context.add(first, second), half)
    default:
      return context.concatenate([first, second], axis: context.shape(first).count - 1)
    }
  }
}
