extension OperationCall {
  /// An operation that gives the same values in other places.
  mutating func rearrange(_ function: String) throws -> [Lowering.Value] {
    let input = try first()
    let shape = context.shape(input)
    switch function {
    case "reshape": return [try reshape(input)]
    case "flatten": return [context.view(input, shape: [shape.reduce(1, *)])]
    case "expanddims":
      guard let axis = try integers(1, "axis")?.first else { throw missing("axis") }
      var new = shape
      let place = axis < 0 ? shape.count + 1 + axis : axis - 1
      guard (0...shape.count).contains(place) else {
        throw LayerError("its axis is \(axis) for an input of shape \(Shape(shape))")
      }
      new.insert(1, at: place)
      return [context.view(input, shape: new)]
    case "squeeze":
      let axes = try (integers(1, "axis", "squeeze_dims") ?? [])
        .map { try axis($0, of: input) }
      let gone = axes.isEmpty ? shape.indices.filter { shape[$0] == 1 } : axes
      guard gone.allSatisfy({ shape[$0] == 1 }) else {
        throw LayerError("it squeezes axes of more than one element: \(Shape(shape))")
      }
      let kept = shape.indices.filter { !gone.contains($0) }.map { shape[$0] }
      return [context.view(input, shape: kept)]
    case "transpose":
      let order = try integers(1, "perm", "axes") ?? Array((0...shape.count).reversed())
      guard order.first == 0, order.sorted() == Array(0...shape.count) else {
        throw LayerError("it moves the batch: its axes are \(order)")
      }
      return [try context.permute(input, order.dropFirst().map { $0 - 1 })]
    case "swapaxes":
      guard let a = try integers(1, "axis1")?.first, let b = try integers(2, "axis2")?.first else {
        throw missing("axis1")
      }
      var order = Array(shape.indices)
      order.swapAt(try axis(a, of: input), try axis(b, of: input))
      return [try context.permute(input, order)]
    case "concatenate", "stack": return [try join(function == "stack")]
    case "split", "unstack": return try split(input, function == "unstack")
    case "tile", "repeat", "broadcastto": return [try repeated(function, input)]
    case "pad": return [try pad(input)]
    case "flip":
      let axes = try (integers(1, "axis") ?? []).map { try axis($0, of: input) }
      return [
        try context.take(
          input,
          shape.indices.map { axis in
            axes.contains(axis) ? Array((0..<shape[axis]).reversed()) : Array(0..<shape[axis])
          })
      ]
    case "stridedslice": return [try slice(input)]
    case "matmul": return [try multiply()]
    case "l2normalize":
      guard let axes = try integers(1, "axis", "dim") else { throw missing("axis") }
      return [
        try context.normalizeLength(input, axes: try axes.map { try axis($0, of: input) })
      ]
    case "localresponsenormalization":
      return [
        try context.normalizeLocally(
          input, radius: Int(number(1, "depth_radius", default: 5)),
          bias: Float(number(2, "bias", default: 1)),
          alpha: Float(number(3, "alpha", default: 1)),
          beta: Float(number(4, "beta", default: 0.5)))
      ]
    case "resize":
      guard let size = try integers(1, "size"), size.count == 2, shape.count == 3 else {
        throw missing("size")
      }
      var method = "bilinear"
      if case .string(let name)? = value(2, "method", "interpolation") { method = name }
      return [try context.resize(input, to: Size2D(size[0], size[1]), method)]
    case "depthtospace", "spacetodepth": return [try shuffle(function, input)]
    default: throw LayerError("its function '\(function)' is not supported")
    }
  }

  private func missing(_ name: String) -> LayerError {
    LayerError("its argument '\(name)' is missing, or is computed, which is not supported")
  }

  private mutating func reshape(_ input: Lowering.Value) throws -> Lowering.Value {
    guard let target = try integers(1, "shape", "newshape", "target_shape"), !target.isEmpty else {
      throw missing("shape")
    }
    // The first size is the batch's: open, or what it was in the file.
    var sizes = Array(target.dropFirst())
    let count = context.shape(input).reduce(1, *)
    if let open = sizes.firstIndex(of: -1) {
      sizes[open] = 1
      guard let rest = sizes.productOfSizes, rest > 0, count % rest == 0 else {
        throw LayerError("\(count) values do not fill its shape \(target)")
      }
      sizes[open] = count / rest
    }
    guard sizes.allSatisfy({ $0 > 0 }), sizes.productOfSizes == count else {
      throw LayerError("\(count) values do not fill its shape \(target)")
    }
    return context.view(input, shape: sizes)
  }

  private mutating func join(_ isStack: Bool) throws -> Lowering.Value {
    let place = try integers(1, "axis")?.first ?? (isStack ? 0 : -1)
    guard isStack else { return try context.lower(Concatenate(axis: place), inputs)[0] }
    let rank = context.shape(inputs[0]).count
    let axis = place < 0 ? rank + 1 + place : place - 1
    guard (0...rank).contains(axis) else { throw LayerError("it stacks along the batch") }
    let parts = inputs.map { input -> Lowering.Value in
      var shape = context.shape(input)
      shape.insert(1, at: min(axis, shape.count))
      return context.view(input, shape: shape)
    }
    return try context.lower(Concatenate(axis: axis + 1), parts)[0]
  }

  private mutating func split(
    _ input: Lowering.Value, _ isUnstack: Bool
  ) throws -> [Lowering.Value] {
    let shape = context.shape(input)
    let place = try integers(isUnstack ? -1 : 2, "axis")?.first ?? (isUnstack ? 0 : -1)
    let axis = try axis(place, of: input)
    if isUnstack {
      return try (0..<shape[axis]).map { try context.element(input, axis: axis, $0) }
    }
    guard let parts = try integers(1, "num_or_size_splits", "indices_or_sections") else {
      throw missing("num_or_size_splits")
    }
    guard parts.allSatisfy({ (1...shape[axis]).contains($0) }) else {
      throw LayerError("it splits \(shape[axis]) elements into \(parts)")
    }
    let sizes =
      parts.count == 1 ? Array(repeating: shape[axis] / max(parts[0], 1), count: parts[0]) : parts
    guard sizes.reduce(0, +) == shape[axis], sizes.allSatisfy({ $0 > 0 }) else {
      throw LayerError("it splits \(shape[axis]) elements into \(parts)")
    }
    var first = 0
    return try sizes.map { size in
      defer { first += size }
      return try context.take(input, axis: axis, Array(first..<first + size))
    }
  }

  private mutating func repeated(
    _ function: String, _ input: Lowering.Value
  ) throws -> Lowering.Value {
    let shape = context.shape(input)
    if function == "broadcastto" {
      guard let target = try integers(1, "shape"), !target.isEmpty else { throw missing("shape") }
      let sizes = Array(target.dropFirst())
      guard sizes.allSatisfy({ $0 > 0 }), sizes.productOfSizes ?? .max <= 1 << 30,
        try LoweringContext.broadcastShape(shape, sizes) == sizes
      else { throw LayerError("an input of shape \(Shape(shape)) does not fill \(target)") }
      return try context.broadcast(input, to: sizes)
    }
    guard let counts = try integers(1, "multiples", "repeats"),
      counts.allSatisfy({ (1..<1 << 16).contains($0) })
    else {
      throw missing("repeats")
    }
    if function == "repeat" {
      guard let place = try integers(2, "axis")?.first else { throw missing("axis") }
      let axis = try axis(place, of: input)
      return try context.take(
        input, axis: axis, (0..<shape[axis] * counts[0]).map { $0 / counts[0] })
    }
    guard counts.count == shape.count + 1, counts[0] == 1 else {
      throw LayerError("it repeats \(counts) times, the batch first; that must be once")
    }
    return try context.take(
      input,
      shape.indices.map { axis in
        (0..<shape[axis] * counts[axis + 1]).map { $0 % shape[axis] }
      })
  }

  private mutating func pad(_ input: Lowering.Value) throws -> Lowering.Value {
    let shape = context.shape(input)
    guard let list = value(1, "paddings", "pad_width")?.list else { throw missing("paddings") }
    let sides = list.compactMap { $0.list?.map(\.integer) as? [Int] }
    guard sides.count == shape.count + 1,
      sides.allSatisfy({
        $0.count == 2 && (0..<1 << 20).contains($0[0]) && (0..<1 << 20).contains($0[1])
      }),
      sides[0] == [0, 0]
    else { throw LayerError("its paddings do not fit an input of shape \(Shape(shape))") }
    var mode = "constant"
    if case .string(let name)? = value(2, "mode") { mode = name.lowercased() }
    let fill = Float(number(3, "constant_values", default: 0))
    let indices = try shape.indices.map { axis -> [Int] in
      let size = shape[axis]
      return try (-sides[axis + 1][0]..<size + sides[axis + 1][1]).map { place in
        if (0..<size).contains(place) { return place }
        switch mode {
        case "constant": return -1
        case "reflect": return place < 0 ? -place : 2 * size - 2 - place
        case "symmetric": return place < 0 ? -place - 1 : 2 * size - 1 - place
        default: throw LayerError("its mode '\(mode)' is not supported")
        }
      }
    }
    guard zip(indices, shape).allSatisfy({ list, size in list.allSatisfy { $0 < size } }) else {
      throw LayerError("its paddings are larger than its input of shape \(Shape(shape))")
    }
    return try context.take(input, indices, fill: fill)
  }

  /// `x[:, 1:3, ..., 0]`, as Keras 2 writes it (`slice_spec`) and Keras 3 (`key`).
  private mutating func slice(_ input: Lowering.Value) throws -> Lowering.Value {
    let shape = context.shape(input)
    guard let specification = value(1, "slice_spec", "key") else { throw missing("slice_spec") }
    let single = specification.list == nil || specification.isSlice
    var items = single ? [specification] : specification.list ?? []
    let named = items.filter { !$0.isEllipsis && $0 != .null }.count
    if let dots = items.firstIndex(where: \.isEllipsis) {
      items.replaceSubrange(
        dots...dots, with: Array(repeating: .object([:]), count: shape.count + 1 - named))
    }
    var indices: [[Int]] = []
    var new: [Int?] = []
    for item in items {
      if item == .null {
        new.append(1)
        continue
      }
      let axis = indices.count - 1
      if axis < 0 {
        guard try item.slice(of: 1 << 20)?.count == 1 << 20 else {
          throw LayerError("it takes some of the batch's items")
        }
        indices.append([])
        continue
      }
      guard axis < shape.count else { throw LayerError("it has more indices than axes") }
      if let place = item.integer {
        let index = place < 0 ? shape[axis] + place : place
        guard (0..<shape[axis]).contains(index) else {
          throw LayerError("its index \(place) is outside of \(Shape(shape))")
        }
        indices.append([index])
        new.append(nil)
      } else if let list = try item.slice(of: shape[axis]), !list.isEmpty {
        indices.append(list)
        new.append(list.count)
      } else {
        throw LayerError("its index \(item) is not supported")
      }
    }
    for axis in max(indices.count - 1, 0)..<shape.count {
      indices.append(Array(0..<shape[axis]))
      new.append(shape[axis])
    }
    let taken = try context.take(input, Array(indices.dropFirst()))
    return context.view(taken, shape: new.compactMap { $0 })
  }

  private mutating func multiply() throws -> Lowering.Value {
    guard inputs.count == 2 else { return try multiplyByConstant() }
    var operands = inputs
    for (index, key) in [(0, "transpose_a"), (1, "transpose_b")] where isTrue(key) {
      let rank = context.shape(operands[index]).count
      guard rank >= 2 else { throw LayerError("it multiplies along the batch") }
      operands[index] = try context.permute(
        operands[index], Array(0..<rank - 2) + [rank - 1, rank - 2])
    }
    let (a, b) = (context.shape(operands[0]), context.shape(operands[1]))
    guard a.count >= 2, a.count == b.count, a.dropLast(2) == b.dropLast(2),
      a[a.count - 1] == b[b.count - 2]
    else { throw LayerError("it multiplies matrices of shapes \(Shape(a)) and \(Shape(b))") }
    return context.multiplyMatrices(operands[0], operands[1])
  }

  /// A value by a matrix that is the same for the whole batch.
  private mutating func multiplyByConstant() throws -> Lowering.Value {
    let input = try first()
    let others = (arguments + ["b", "x2", "y"].compactMap { keywords[$0] }).filter {
      $0 != .input(0)
    }
    guard arguments.first ?? keywords["a"] ?? keywords["x1"] == .input(0), let other = others.first,
      case .constant(var matrix) = try operand(other), matrix.shape.count == 2,
      !isTrue("transpose_a"), let inner = context.shape(input).last
    else { throw LayerError("it multiplies with a constant that is no matrix on the right") }
    if isTrue("transpose_b") { matrix = matrix.transposed([1, 0]) }
    guard matrix.shape[0] == inner, matrix.shape[1] > 0 else {
      throw LayerError(
        "it multiplies \(Shape(context.shape(input))) by a matrix of shape \(matrix.shape)")
    }
    return context.dense(input, kernel: matrix, bias: nil)
  }

  /// Blocks of pixels as channels, or the other way round.
  private mutating func shuffle(
    _ function: String, _ input: Lowering.Value
  ) throws -> Lowering.Value {
    let shape = context.shape(input)
    guard let block = try integers(1, "block_size")?.first, block > 0, shape.count == 3 else {
      throw missing("block_size")
    }
    if function == "depthtospace" {
      guard shape[2] % (block * block) == 0 else {
        throw LayerError("blocks of \(block) do not divide \(shape[2]) channels")
      }
      let channels = shape[2] / (block * block)
      let split = context.view(input, shape: [shape[0], shape[1], block, block, channels])
      return context.view(
        try context.permute(split, [0, 2, 1, 3, 4]),
        shape: [shape[0] * block, shape[1] * block, channels])
    }
    guard shape[0] % block == 0, shape[1] % block == 0 else {
      throw LayerError("blocks of \(block) do not divide an input of shape \(Shape(shape))")
    }
    let split = context.view(
      input, shape: [shape[0] / block, block, shape[1] / block, block, shape[2]])
    return context.view(
      try context.permute(split, [0, 2, 1, 3, 4]),
      shape: [shape[0] / block, shape[1] / block, shape[2] * block * block])
  }
}

extension LayerConfiguration.Value {
  fileprivate var isEllipsis: Bool {
    guard case .object(let object) = self else {
      return self == .string("...") || self == .string("Ellipsis")
    }
    return object["class_name"] == .string("__ellipsis__")
  }

  /// Whether the value is one slice, and not a tuple of them.
  fileprivate var isSlice: Bool {
    guard case .object(let object) = self else { return false }
    return object["class_name"] != .string("__tuple__")
  }

  /// The indices of a slice of so many elements; nil where the value is none.
  fileprivate func slice(of count: Int) throws -> [Int]? {
    guard case .object(var object) = self else { return nil }
    if case .object(let config)? = object["config"] { object = config }
    // Keras 3 writes slices as a class with the numbers in order.
    if let numbers = object["config"]?.list ?? object["items"]?.list, numbers.count == 3 {
      object = ["start": numbers[0], "stop": numbers[1], "step": numbers[2]]
    }
    let step = object["step"]?.integer ?? 1
    guard step != 0 else { throw LayerError("a slice has a step of 0") }
    func bound(_ key: String, _ fallback: Int) -> Int {
      guard let place = object[key]?.integer else { return fallback }
      let index = place < 0 ? count + place : place
      return min(max(index, step < 0 ? -1 : 0), step < 0 ? count - 1 : count)
    }
    let start = bound("start", step < 0 ? count - 1 : 0)
    let stop = bound("stop", step < 0 ? -1 : count)
    return Array(stride(from: start, to: stop, by: step))
  }
}
