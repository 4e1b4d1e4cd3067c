/// A dense layer that says which axes it goes over in Einstein's notation: `abc,cd->abd`.
public struct EinsumDense: UnaryLayer {
  public static let className = "EinsumDense"
  public var name: String?
  private let equation: String
  private let outputSizes: [Int?]
  private let biasAxes: String?
  private let activation: ActivationFunction

  public init(_ configuration: LayerConfiguration) throws {
    name = configuration.name
    equation = try configuration.string("equation", default: "").filter { $0 != " " }
    if let one = configuration["output_shape"]?.integer {
      outputSizes = [one]
    } else {
      outputSizes = (configuration["output_shape"]?.list ?? []).map(\.integer)
    }
    biasAxes =
      configuration["bias_axes"] == nil
      ? nil : try configuration.string("bias_axes", default: "")
    activation = try configuration.activation()
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    [
      "equation": .string(equation),
      "output_shape": .list(outputSizes.map { $0.map { .integer($0) } ?? .null }),
      "bias_axes": biasAxes.map { .string($0) } ?? .null,
      "activation": try activation.configuration(kerasMajorVersion: version),
    ]
  }

  private struct Labels {
    var input: [Character]
    var kernel: [Character]
    var output: [Character]
    /// The size of each axis that is known.
    var sizes: [Character: Int?] = [:]
  }

  private func labels(_ input: Shape) throws -> Labels {
    // Around an arrow: what stands in front ends with the dash.
    let sides = equation.split(separator: ">", omittingEmptySubsequences: false)
    let operands = sides[0].dropLast().split(separator: ",", omittingEmptySubsequences: false)
    guard sides.count == 2, sides[0].last == "-", operands.count == 2 else {
      throw LayerError("its equation is '\(equation)'; expected one such as 'abc,cd->abd'")
    }
    // Dots stand for as many axes as there are.
    let named = operands[0].filter { $0 != "." }.count
    let free = (0..<max(input.rank + 1 - named, 0)).map { index in
      Character(UnicodeScalar(UInt8(65 + index)))
    }
    func expanded(_ text: Substring) -> [Character] {
      guard let dots = text.firstIndex(of: ".") else { return Array(text) }
      return text[..<dots] + free + text[dots...].drop { $0 == "." }
    }
    var labels = Labels(
      input: expanded(operands[0]), kernel: Array(operands[1]), output: expanded(sides[1]))
    guard labels.input.count == input.rank + 1, labels.input.first == labels.output.first,
      Set(labels.input).count == labels.input.count, !labels.kernel.contains(labels.input[0])
    else {
      throw LayerError("its equation '\(equation)' does not fit an input of shape \(input)")
    }
    for (label, size) in zip(labels.input.dropFirst(), input.sizes) { labels.sizes[label] = size }
    // The output's shape is given from its end, or whole.
    for (label, size) in zip(labels.output.reversed(), outputSizes.reversed())
    where labels.sizes[label] == nil || labels.sizes[label] == .some(nil) {
      labels.sizes[label] = size
    }
    return labels
  }

  private func size(_ label: Character, _ labels: Labels) throws -> Int {
    guard let size = labels.sizes[label] ?? nil else {
      throw LayerError("its equation '\(equation)' leaves the size of '\(label)' open")
    }
    return size
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    let labels = try labels(input)
    return Shape(labels.output.dropFirst().map { labels.sizes[$0] ?? nil })
  }

  public func weights(_ inputs: [Shape]) throws -> [WeightSpecification] {
    let labels = try labels(inputs[0])
    let kernel = WeightSpecification("kernel", try labels.kernel.map { try size($0, labels) })
    guard let biasAxes else { return [kernel] }
    // One for each of its axes, and 1 for those of the output behind the first of them.
    let first = labels.output.firstIndex { biasAxes.contains($0) } ?? labels.output.count
    let shape = try labels.output[first...].map { label in
      biasAxes.contains(label) ? try size(label, labels) : 1
    }
    return [kernel, WeightSpecification("bias", shape, initializer: .zeros)]
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let shape = context.shape(context.inputs[0])
    let labels = try labels(Shape(shape))
    let input = Array(labels.input.dropFirst())
    let summed = labels.kernel.filter { input.contains($0) }
    let added = labels.kernel.filter { !input.contains($0) }
    let kept = input.filter { !summed.contains($0) }
    guard summed.allSatisfy({ !labels.output.contains($0) }) else {
      throw LayerError("its equation '\(equation)' is not supported")
    }
    let order = (kept + summed).compactMap { input.firstIndex(of: $0) }
    let rows = try context.permute(context.inputs[0], order)
    let (inner, columns) = (
      try summed.map { try size($0, labels) }.reduce(1, *),
      try added.map { try size($0, labels) }.reduce(1, *)
    )
    let keptSizes = try kept.map { try size($0, labels) }
    let kernel = context.rearranged(context.weights[0]) {
      $0.transposed((summed + added).compactMap { labels.kernel.firstIndex(of: $0) })
    }
    let product = context.dense(
      context.view(rows, shape: [keptSizes.reduce(1, *), inner]),
      kernel: Tensor(shape: [inner, columns], values: kernel.values), bias: nil)
    let whole = context.view(
      product, shape: keptSizes + (try added.map { try size($0, labels) }))
    var result = try context.permute(
      whole, labels.output.dropFirst().compactMap { (kept + added).firstIndex(of: $0) })
    if biasAxes != nil { result = try context.combine(.addition, result, context.weights[1]) }
    return [try context.activate(result, activation)]
  }
}
