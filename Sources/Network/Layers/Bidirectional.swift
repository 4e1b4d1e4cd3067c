/// A recurrent layer forwards and one backwards.
public struct Bidirectional: UnaryLayer {
  public static let className = "Bidirectional"
  public var name: String?
  private let forward: any Layer
  private let backward: any Layer
  /// Whether the layer that goes backwards is another, and not the same turned around.
  private let hasOwnBackward: Bool
  private let merging: String
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
    merging = try configuration.string("merge_mode", default: "concat")
    guard ["concat", "sum", "mul", "ave"].contains(merging) else {
      throw LayerError("its merge_mode '\(merging)' is not supported")
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    var values: [String: LayerConfiguration.Value] = [
      "layer": try forward.entry(kerasMajorVersion: version), "merge_mode": .string(merging),
    ]
    if hasOwnBackward {
      values["backward_layer"] = try backward.entry(kerasMajorVersion: version)
    }
    return values
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    var result = try forward.outputShapes([input])[0]
    if merging == "concat" {
      let other = try backward.outputShapes([input])[0]
      result.sizes[result.rank - 1] = try result.channels + other.channels
    }
    return result
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    try forward.weights(inputs) + backward.weights(inputs)
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let input = context.inputs[0]
    let count = try forward.weights([Shape(context.shape(input))]).count
    let first = try context.lower(
      forward, [input], weights: Array(context.weights.prefix(count)))[0]
    var second = try context.lower(
      backward, [input], weights: Array(context.weights.dropFirst(count)))[0]
    if returnsSequences {
      let steps = context.shape(second)[0]
      second = try context.take(second, axis: 0, Array((0..<steps).reversed()))
    }
    switch merging {
    case "sum": return [context.add(first, second)]
    case "mul": return [try context.combine(.multiplication, first, second)]
    case "ave":
      let half = Tensor(shape: [], values: [0.5])
      return [try context.combine(.multiplication, context.add(first, second), half)]
    default:
      return [context.concatenate([first, second], axis: context.shape(first).count - 1)]
    }
  }
}
