/// A layer of the data format `channels_first`: the same layer with the channels last, between two
/// transpositions.
///
/// Those between two such layers cancel out when operations are fused.
struct ChannelsFirst: Layer {
  static let className = "ChannelsFirst"
  var base: any Layer

  init(_ base: any Layer) { self.base = base }

  init(_ configuration: LayerConfiguration) throws {
    throw LayerError("made of a layer whose data_format is 'channels_first'")
  }

  func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    var values = try base.configuration(kerasMajorVersion: version)
    values["data_format"] = .string("channels_first")
    return values
  }

  var className: String { base.className }

  var name: String? {
    get { base.name }
    set { base.name = newValue }
  }

  func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    try base.outputShapes(inputs.map(Self.last)).map { output in
      output.rank == inputs[0].rank && output.rank > 1
        ? Shape([output.sizes[output.rank - 1]] + output.sizes.dropLast()) : output
    }
  }

  func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    try base.weights(inputs.map(Self.last))
  }

  func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let inputs = try context.inputs.map { input in
      let rank = context.shape(input).count
      return try context.permute(input, Array(1..<max(rank, 1)) + [0])
    }
    let rank = context.shape(context.inputs[0]).count
    return try context.lower(base, inputs, weights: context.weights).map { output in
      guard context.shape(output).count == rank, rank > 1 else { return output }
      return try context.permute(output, [rank - 1] + Array(0..<rank - 1))
    }
  }

  private static func last(_ shape: Shape) -> Shape {
    guard let channels = shape.sizes.first else { return shape }
    return Shape(shape.sizes.dropFirst() + [channels])
  }
}
