import Kernel
import Runtime

/// Operations on arrays of any rank; axes are counted from 0, without the batch.
extension LoweringContext {
  /// The elements at the given indices of each axis, in their order; a negative index gives `fill`.
  ///
  /// Slices, padding, cropping, repetition and mirroring are all this.
  public mutating func take(
    _ input: Lowering.Value, _ indices: [[Int]], fill: Float = 0
  ) throws -> Lowering.Value {
    let from = shape(input)
    precondition(indices.count == from.count, "indices for each axis")
    if lowering.isProbe { return empty(shape: indices.map(\.count)) }
    // Whole axes at the end are copied in one piece.
    var outer = from.count
    var length = 1
    while outer > 0, indices[outer - 1] == Array(0..<from[outer - 1]) {
      outer -= 1
      length *= from[outer]
    }
    let strides = from.rowMajorStrides
    return try gather(
      input, Self.offsets((0..<outer).map { (indices[$0], strides[$0]) }), length: length,
      fill: fill, shape: indices.map(\.count))
  }

  /// Some of an axis's elements.
  public mutating func take(
    _ input: Lowering.Value, axis: Int, _ indices: [Int], fill: Float = 0
  ) throws -> Lowering.Value {
    var all = shape(input).map { Array(0..<$0) }
    all[axis] = indices
    return try take(input, all, fill: fill)
  }

  /// One element of an axis, which is gone then.
  public mutating func element(
    _ input: Lowering.Value, axis: Int, _ index: Int
  ) throws -> Lowering.Value {
    var rest = shape(input)
    rest.remove(at: axis)
    return view(try take(input, axis: axis, [index]), shape: rest)
  }

  /// The axes in another order: axis `axes[i]` of the input becomes axis i.
  public mutating func permute(
    _ input: Lowering.Value, _ axes: [Int]
  ) throws -> Lowering.Value {
    let from = shape(input)
    let shape = axes.map { from[$0] }
    // Axes of one element may stand anywhere.
    let moving = axes.filter { from[$0] > 1 }
    if moving == moving.sorted() { return view(input, shape: shape) }
    if lowering.isProbe { return empty(shape: shape) }
    var outer = axes.count
    var length = 1
    while outer > 0, axes[outer - 1] == outer - 1 {
      outer -= 1
      length *= from[outer]
    }
    let strides = from.rowMajorStrides
    let offsets = Self.offsets(axes[..<outer].map { (Array(0..<from[$0]), strides[$0]) })
    let result = try gather(input, offsets, length: length, fill: 0, shape: shape)
    lowering.steps[lowering.steps.count - 1].permutation = axes
    return result
  }

  /// Where the elements are whose indices along each axis are given, the last axis's following each other;
  /// -1 where an index is negative.
  private static func offsets(_ axes: [(indices: [Int], stride: Int)]) -> [Int] {
    axes.reduce(into: [0]) { offsets, axis in
      offsets = offsets.flatMap { base in
        axis.indices.map { base < 0 || $0 < 0 ? -1 : base + $0 * axis.stride }
      }
    }
  }

  private mutating func gather(
    _ input: Lowering.Value, _ offsets: [Int], length: Int, fill: Float, shape: [Int]
  ) throws -> Lowering.Value {
    guard lowering.count(input) <= Int(Int32.max), !offsets.isEmpty, length > 0 else {
      throw LayerError("its input of shape \(self.shape(input)) has no values, or too many")
    }
    var step = step(.gathering, [input], shape: shape)
    step.numbers = [offsets.count, length]
    step.activation = Kernel.Activation(.linear, alpha: fill)
    step.weights = offsets.map { Float(bitPattern: UInt32(bitPattern: Int32($0))) }
    return append(step)
  }

  /// A value repeated so that it fills a shape, by NumPy's rules.
  public mutating func broadcast(
    _ input: Lowering.Value, to shape: [Int]
  ) throws -> Lowering.Value {
    let from = Array(repeating: 1, count: shape.count - self.shape(input).count) + self.shape(input)
    if from == shape { return view(input, shape: shape) }
    let indices = zip(from, shape).map { have, want in
      have == want ? Array(0..<want) : Array(repeating: 0, count: want)
    }
    return try take(view(input, shape: from), indices)
  }

  /// Two values combined by NumPy's rules.
  public mutating func combine(
    _ function: BinaryFunction, _ first: Lowering.Value, _ second: Lowering.Value
  ) throws -> Lowering.Value {
    let result = try Self.broadcastShape(shape(first), shape(second))
    if shape(first) != result, shape(second) == result {
      return try combine(
        function, second, Operand(.value(first), shape: shape(first)), isReversed: true)
    }
    let whole = shape(first) == result ? first : try broadcast(first, to: result)
    return try combine(function, whole, Operand(.value(second), shape: shape(second)))
  }

  /// A value combined with constants, which fill no larger shape than the value's.
  ///
  /// - Parameter isReversed: Whether the constants are the left operand.
  public mutating func combine(
    _ function: BinaryFunction, _ first: Lowering.Value, _ constants: Tensor,
    isReversed: Bool = false
  ) throws -> Lowering.Value {
    let result = try Self.broadcastShape(shape(first), constants.shape)
    let whole = shape(first) == result ? first : try broadcast(first, to: result)
    return try combine(
      function, whole, Operand(.constants(constants.values), shape: constants.shape),
      isReversed: isReversed)
  }

  /// A value combined with a variable of the state, which has this shape.
  mutating func combine(
    _ function: BinaryFunction, _ first: Lowering.Value, variable: Lowering.Value, shape: [Int],
    isReversed: Bool = false
  ) throws -> Lowering.Value {
    try combine(function, first, Operand(.variable(variable), shape: shape), isReversed: isReversed)
  }

  private struct Operand {
    enum Source {
      case value(Lowering.Value)
      case constants([Float])
      /// Of the state; its axes are neighbours.
      case variable(Lowering.Value)
    }
    var source: Source
    var shape: [Int]

    init(_ source: Source, shape: [Int]) {
      self.source = source
      self.shape = shape
    }
  }

  private mutating func combine(
    _ function: BinaryFunction, _ first: Lowering.Value, _ operand: Operand,
    isReversed: Bool = false
  ) throws -> Lowering.Value {
    let shape = shape(first)
    let other =
      Array(repeating: 1, count: shape.count - operand.shape.count) + operand.shape
    // The axes that the operand has must be neighbours; else it is repeated to the whole.
    let own = shape.indices.filter { other[$0] > 1 }
    let (low, high) = (own.first ?? shape.count, own.last ?? shape.count - 1)
    let isBlock = low > high || (low...high).allSatisfy { other[$0] == shape[$0] }
    var inputs = [first]
    var constants: [Float]?
    var variable: Lowering.Value?
    switch operand.source {
    case .value(let value):
      inputs.append(isBlock ? value : try broadcast(view(value, shape: other), to: shape))
    case .constants(let values):
      variable = isBlock ? lowering.variable(values, .plain) : nil
      constants =
        variable != nil ? nil : isBlock ? values : Self.repeated(values, other, to: shape)
    case .variable(let value): variable = value
    }
    var step = step(.combination, inputs, shape: shape)
    let middle = isBlock ? own.map { shape[$0] }.reduce(1, *) : shape.reduce(1, *)
    let inner = isBlock && low <= high ? shape[(high + 1)...].reduce(1, *) : 1
    let outer = shape.reduce(1, *) / max(middle * inner, 1)
    // A single value is for all others, which one long run is quickest for.
    let isSingle = middle == 1
    step.numbers = [
      Int(function.rawValue), isSingle ? 1 : outer, middle, isSingle ? outer * inner : inner,
      isReversed ? 1 : 0,
    ]
    step.weights = constants
    step.references.weights = variable
    return append(step)
  }

  private static func repeated(_ values: [Float], _ from: [Int], to shape: [Int]) -> [Float] {
    let strides = from.rowMajorStrides
    return offsets(shape.indices.map { (Array(0..<shape[$0]), from[$0] == 1 ? 0 : strides[$0]) })
      .map { values[$0] }
  }

  /// The shape that two shapes fill together.
  static func broadcastShape(_ a: [Int], _ b: [Int]) throws -> [Int] {
    let rank = max(a.count, b.count)
    let first = Array(repeating: 1, count: rank - a.count) + a
    let second = Array(repeating: 1, count: rank - b.count) + b
    return try zip(first, second).map { x, y in
      guard x == y || x == 1 || y == 1 else {
        throw LayerError("its inputs have shapes \(a) and \(b), which do not fit")
      }
      return max(x, y)
    }
  }

  /// Sums, means or extremes over axes.
  public mutating func reduce(
    _ reduction: Reduction, _ input: Lowering.Value, axes: [Int], keepDimensions: Bool = false
  ) -> Lowering.Value {
    var result = input
    var sizes = shape(input)
    let original = sizes
    // Neighbouring axes are one; the last first, so that indices stay.
    var rest = Set(axes).sorted()
    while let last = rest.popLast() {
      var first = last
      while rest.last == first - 1 { first = rest.removeLast() }
      let outer = sizes[..<first].reduce(1, *)
      let inner = sizes[(last + 1)...].reduce(1, *)
      let axis = sizes[first...last].reduce(1, *)
      sizes.replaceSubrange(first...last, with: Array(repeating: 1, count: last - first + 1))
      var step = step(.reduction, [result], shape: sizes)
      step.numbers = [Int(reduction.rawValue), outer, axis, inner]
      result = append(step)
    }
    let kept =
      keepDimensions ? sizes : original.indices.filter { !axes.contains($0) }.map { original[$0] }
    return view(result, shape: kept)
  }

  /// Each element of an axis as a weighted sum of others, or their largest.
  ///
  /// - Parameters:
  ///   - places: For each output the indices that it sees, all of one number; negative ones are left out.
  ///   - weights: As many; nil for the largest value.
  public mutating func resample(
    _ input: Lowering.Value, axis: Int, places: [[Int]], weights: [[Float]]?
  ) -> Lowering.Value {
    let from = shape(input)
    var shape = from
    shape[axis] = places.count
    var step = step(.resampling, [input], shape: shape)
    step.numbers = [
      from[..<axis].reduce(1, *), from[axis], places.count, from[(axis + 1)...].reduce(1, *),
      places.first?.count ?? 0,
    ]
    step.weights = places.flatMap { $0 }.map { Float(bitPattern: UInt32(bitPattern: Int32($0))) }
    step.scale = weights?.flatMap { $0 }
    return append(step)
  }

  /// The products of matrices: `(…, rows, inner)` by `(…, inner, columns)`, with the same leading axes.
  public mutating func multiplyMatrices(
    _ first: Lowering.Value, _ second: Lowering.Value
  ) -> Lowering.Value {
    let (a, b) = (shape(first), shape(second))
    let matrices = a.dropLast(2).reduce(1, *)
    let (rows, inner, columns) = (a[a.count - 2], a[a.count - 1], b[b.count - 1])
    var step = step(.matrixProduct, [first, second], shape: Array(a.dropLast()) + [columns])
    step.numbers = [matrices, rows, inner, columns]
    return append(step)
  }

  /// Matrices of a value by constant ones: `(matrices, rows, inner)` by `(matrices, inner, columns)`.
  public mutating func multiplyMatrices(
    _ first: Lowering.Value, _ constants: Tensor
  ) -> Lowering.Value {
    let (a, b) = (shape(first), constants.shape)
    var step = step(.matrixProduct, [first], shape: [a[0], a[1], b[2]])
    step.numbers = [a[0], a[1], a[2], b[2]]
    step.weights = constants.values
    return append(step)
  }

  /// The last axis by a constant matrix `(in, out)`, with a bias: the 1×1 convolution of a picture whose
  /// pixels are the rows of the input.
  public mutating func dense(
    _ input: Lowering.Value, kernel: Tensor, bias: [Float]?
  ) -> Lowering.Value {
    let sizes = shape(input)
    let (inputs, outputs) = (kernel.shape[0], kernel.shape[1])
    let rows = sizes.dropLast().reduce(1, *)
    var picture = kernel
    picture.shape = [1, 1, inputs, outputs]
    return convolve(
      input, kernel: picture, bias: bias,
      geometry: WindowGeometry(
        batch: 1, input: (1, rows, inputs), output: (1, rows, outputs)),
      groups: 1, shape: Array(sizes.dropLast()) + [outputs])
  }

  /// Rows of a constant table by their numbers.
  public mutating func lookUp(_ input: Lowering.Value, table: Tensor) -> Lowering.Value {
    let (rows, length) = (table.shape[0], table.shape[1])
    var step = step(.lookup, [input], shape: shape(input) + [length])
    step.numbers = [rows, length]
    step.weights = table.values
    return append(step)
  }

  /// For each value the number of boundaries, which ascend, that are at most it.
  public mutating func countBoundaries(
    _ input: Lowering.Value, _ boundaries: [Float]
  ) -> Lowering.Value {
    var step = step(.boundaryCount, [input], shape: shape(input))
    step.numbers = [boundaries.count]
    step.weights = boundaries.isEmpty ? [0] : boundaries
    return append(step)
  }

  /// A value that is constant.
  public mutating func constant(_ tensor: Tensor) -> Lowering.Value {
    let value = lowering.define(shape: tensor.shape)
    var step = Lowering.Step(kind: .constant, inputs: [value], output: value)
    step.weights = tensor.values
    lowering.steps.append(step)
    return value
  }

  /// An element-wise function of every value.
  public mutating func apply(
    _ function: Kernel.Activation, _ input: Lowering.Value
  ) -> Lowering.Value {
    var step = step(.activation, [input], shape: shape(input))
    step.activation = function
    return append(step)
  }

  /// Values one after the other along an axis.
  public mutating func concatenate(_ inputs: [Lowering.Value], axis: Int) -> Lowering.Value {
    var shape = shape(inputs[0])
    shape[axis] = inputs.reduce(0) { $0 + self.shape($1)[axis] }
    let inner = shape[(axis + 1)...].reduce(1, *)
    let outer = shape[..<axis].reduce(1, *)
    let result = empty(shape: shape)
    var offset = 0
    for input in inputs {
      let length = self.shape(input)[axis] * inner
      copy(
        input, to: result, planes: 1, rows: outer, length: length, source: (0, length),
        target: (0, shape[axis] * inner), offset: offset)
      offset += length
    }
    return result
  }

  /// What another layer computes, of other inputs and with other weights.
  public mutating func lower(
    _ layer: any Layer, _ inputs: [Lowering.Value], weights: [Tensor] = []
  ) throws -> [Lowering.Value] {
    try withInputs(inputs, weights: weights) { context in try layer.lower(&context) }
  }
}
