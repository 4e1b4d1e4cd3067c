import Kernel

/// Attention of several heads, with projections of query, key, value and of the result: Vaswani and others,
/// Attention Is All You Need, 2017.
public struct MultiHeadAttention: Layer {
  public static let className = "MultiHeadAttention"
  public var name: String?
  private let heads: Int
  private let keySize: Int
  private let valueSize: Int
  private let useBias: Bool
  private let outputSize: Int?
  /// The axes that are attended over, as Keras counts; nil for all but the batch and the values.
  private let axes: [Int]?

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    heads = try configuration.integer("num_heads")
    keySize = try configuration.integer("key_dim")
    valueSize = try configuration.integer("value_dim", default: keySize)
    useBias = try configuration.bool("use_bias", default: true)
    outputSize = try configuration.integers("output_shape")?.first
    axes = try configuration.integers("attention_axes")
    guard heads > 0, keySize > 0, valueSize > 0 else {
      throw LayerError("it has \(heads) heads of \(keySize) and \(valueSize) values")
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    var values: [String: LayerConfiguration.Value] = [
      "num_heads": .integer(heads), "key_dim": .integer(keySize), "value_dim": .integer(valueSize),
      "use_bias": .bool(useBias), "output_shape": outputSize.map { .integer($0) } ?? .null,
      "attention_axes": axes.map { .integers($0) } ?? .null,
    ]
    // Keras 2 asks for the shapes that it was built for, and builds it later where they are not known.
    if version < 3 {
      for key in ["query_shape", "key_shape", "value_shape"] { values[key] = .null }
    }
    return values
  }

  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    guard inputs.count == 2 || inputs.count == 3, inputs.allSatisfy({ $0.rank >= 2 }) else {
      throw LayerError("it takes a query, a value and a key, each (None, …, steps, values)")
    }
    return [Shape(inputs[0].sizes.dropLast() + [try outputSize ?? inputs[0].channels])]
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let value = inputs[1]
    let key = inputs.count == 3 ? inputs[2] : value
    func projection(_ prefix: String, _ input: Shape, _ size: Int) throws -> [WeightSpecification] {
      let kernel = WeightSpecification("\(prefix)/kernel", [try input.channels, heads, size])
      let bias = WeightSpecification("\(prefix)/bias", [heads, size], initializer: .zeros)
      return useBias ? [kernel, bias] : [kernel]
    }
    let width = try outputSize ?? inputs[0].channels
    let output = WeightSpecification("attention_output/kernel", [heads, valueSize, width])
    let bias = WeightSpecification("attention_output/bias", [width], initializer: .zeros)
    return try projection("query", inputs[0], keySize) + projection("key", key, keySize)
      + projection("value", value, valueSize) + (useBias ? [output, bias] : [output])
  }

  /// The axes of an input that are no steps, and those that are; the values are neither.
  private func order(_ shape: [Int]) throws -> (free: [Int], steps: [Int]) {
    let all = Array(0..<shape.count - 1)
    guard let axes else { return ([], all) }
    let steps = try axes.map { try Shape(shape).axis($0) }
    guard Set(steps).count == steps.count, steps.allSatisfy(all.contains) else {
      throw LayerError("its attention_axes \(axes) do not fit an input of shape \(Shape(shape))")
    }
    return (all.filter { !steps.contains($0) }, steps)
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let shape = try context.outputShape(of: self)
    let (query, value) = (context.inputs[0], context.inputs[1])
    let key = context.inputs.count == 3 ? context.inputs[2] : value
    let from = context.shape(query)
    let order = try order(from)
    let free = order.free.map { from[$0] }
    for other in [key, value] {
      let sizes = context.shape(other)
      guard sizes.count == from.count, try self.order(sizes).free.map({ sizes[$0] }) == free else {
        throw LayerError(
          "its inputs \(Shape(from)) and \(Shape(sizes)) differ in axes that it does not attend over"
        )
      }
    }
    let queries = try project(&context, query, 0, keySize)
    let keys = try project(&context, key, 1, keySize)
    let values = try project(&context, value, 2, valueSize)
    // (free · heads, steps, size) each.
    let scaled = context.apply(
      Kernel.Activation(.affine, alpha: 1 / Float(keySize).squareRoot(), beta: 0), queries)
    let scores = context.multiplyMatrices(scaled, try context.permute(keys, [0, 2, 1]))
    let shares = try context.activate(scores, .softmax)
    let results = context.multiplyMatrices(shares, values)
    let (count, steps) = (free.reduce(1, *), context.shape(results)[1])
    let joined = context.view(
      try context.permute(
        context.view(results, shape: [count, heads, steps, valueSize]), [0, 2, 1, 3]),
      shape: [count * steps, heads * valueSize])
    let position = useBias ? 6 : 3
    let kernel = context.weights[position]
    let output = context.dense(
      joined, kernel: Tensor(shape: [heads * valueSize, shape.last ?? 1], values: kernel.values),
      bias: useBias ? context.weights[position + 1].values : nil)
    // The axes back to where they were.
    let places = order.free + order.steps
    let sorted = context.view(output, shape: places.map { from[$0] } + [shape.last ?? 1])
    return [
      try context.permute(
        sorted, places.indices.map { axis in places.firstIndex(of: axis) ?? axis } + [places.count])
    ]
  }

  /// A projection as (free · heads, steps, size).
  private func project(
    _ context: inout LoweringContext, _ input: Lowering.Value, _ index: Int, _ size: Int
  ) throws -> Lowering.Value {
    let shape = context.shape(input)
    let order = try order(shape)
    let count = order.free.map { shape[$0] }.reduce(1, *)
    let steps = order.steps.map { shape[$0] }.reduce(1, *)
    let width = shape[shape.count - 1]
    let sorted = try context.permute(input, order.free + order.steps + [shape.count - 1])
    let position = useBias ? 2 * index : index
    let product = context.dense(
      context.view(sorted, shape: [count * steps, width]),
      kernel: Tensor(
        shape: [width, heads * size], values: context.weights[position].values),
      bias: useBias ? context.weights[position + 1].values : nil)
    let split = try context.permute(
      context.view(product, shape: [count, steps, heads, size]), [0, 2, 1, 3])
    return context.view(split, shape: [count * heads, steps, size])
  }
}
