/// For each value the number of the bin that it falls into.
public struct Discretization: UnaryLayer {
  public static let className = "Discretization"
  public var name: String?
  public var boundaries: [Double]
  public var encoding: CategoryEncoding

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    boundaries = try configuration.numbers("bin_boundaries") ?? []
    guard boundaries == boundaries.sorted() else {
      throw LayerError("its bin_boundaries do not ascend")
    }
    encoding = CategoryEncoding(
      boundaries.count + 1, mode: try configuration.string("output_mode", default: "int"))
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "bin_boundaries": .list(boundaries.map { .number($0) }),
      "output_mode": .string(encoding.mode),
    ]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    encoding.mode == "int" ? input : try encoding.outputShape(input)
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let bins = context.countBoundaries(context.inputs[0], boundaries.map { Float($0) })
    return encoding.mode == "int" ? [bins] : try context.lower(encoding, [bins])
  }
}

/// Whole numbers as ones among zeros.
public struct CategoryEncoding: UnaryLayer {
  public static let className = "CategoryEncoding"
  public var name: String?
  public var tokens: Int
  /// `one_hot`, `multi_hot` or `count`.
  public var mode: String

  public init(_ tokens: Int, mode: String, name: String? = nil) {
    self.tokens = tokens
    self.mode = mode
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(
      try configuration.integer("num_tokens"),
      mode: try configuration.string("output_mode", default: "multi_hot"),
      name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["num_tokens": .integer(tokens), "output_mode": .string(mode)]
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    guard ["one_hot", "multi_hot", "count"].contains(mode), tokens > 0 else {
      throw LayerError("its output_mode '\(mode)' of \(tokens) tokens is not supported")
    }
    if mode == "one_hot" {
      return Shape((input.sizes.last == 1 ? input.sizes.dropLast() : input.sizes) + [tokens])
    }
    return Shape(input.sizes.dropLast() + [tokens])
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let shape = try context.outputShape(of: self)
    guard tokens <= 1 << 12 else {
      throw LayerError("it has \(tokens) tokens; at most 4096 are supported")
    }
    var table = Tensor(shape: [tokens, tokens], repeating: 0)
    for token in 0..<tokens { table.values[token * tokens + token] = 1 }
    let ones = context.lookUp(context.inputs[0], table: table)
    let rank = context.shape(ones).count
    guard mode != "one_hot", rank > 1 else { return [context.view(ones, shape: shape)] }
    let reduced = context.reduce(mode == "count" ? .sum : .maximum, ones, axes: [rank - 2])
    return [context.view(reduced, shape: shape)]
  }
}
