import Kernel
import Runtime

extension Lowering {
  /// The values below which nothing is gained by storing them in 8 bits.
  private static var fewestValues: Int { 256 }

  /// The values that can be whole numbers of 8 bits, by their roots, and the type of each.
  ///
  /// Those that nobody reads but convolutions and dense layers with weights of 8 bits, in whose scale the step of
  /// the value can be. What lies between a convolution and its activation or pooling is none.
  var byteTypes: [Value: ElementType] {
    var writers = [Int](repeating: 0, count: values.count)
    var isReadSo = [Bool?](repeating: nil, count: values.count)
    for step in steps {
      writers[values[step.output].root] += 1
      for (position, input) in step.inputs.enumerated() {
        let root = values[input].root
        isReadSo[root] = position == 0 && step.canReadBytes && isReadSo[root] ?? true
      }
    }
    var isBound = [Bool](repeating: false, count: values.count)
    for value in values {
      if value.role == .input || value.role == .output { isBound[value.root] = true }
      if let rows = value.rows { isBound[rows.whole] = true }
    }
    var isPositive: Set<Value> = []
    var result: [Value: ElementType] = [:]
    for step in steps {
      let root = values[step.output].root
      let isPooling = step.kind == .maximumPooling || step.kind == .averagePooling
      if step.activation.isPositive || isPooling && isPositive.contains(values[step.inputs[0]].root)
      {
        isPositive.insert(root)
      }
      guard writers[root] == 1, isReadSo[root] == true, !isBound[root], values[root].rows == nil,
        !step.readsNothing, count(root) >= Self.fewestValues
      else { continue }
      result[root] = isPositive.contains(root) ? .uint8 : .int8
    }
    return result
  }

  /// Stores values as whole numbers of 8 bits, in units of a step: the largest magnitude over 127, or over 255
  /// where none is negative.
  ///
  /// What computes such a value is one band with what rounds it, so that only some rows of it are floats at a
  /// time; what reads it is one, too. A convolution's sums are in units of the step, which becomes a part of its
  /// scale.
  mutating func narrowValues(_ ranges: ValueRanges) {
    let types = byteTypes
    var steps: [Step] = []
    /// Of each root that is rounded the value that is bytes, and its step.
    var bytes: [Value: (value: Value, step: Float)] = [:]
    for var step in self.steps {
      if let source = bytes[values[step.inputs[0]].root] {
        step.inputs[0] = source.value
        step.scale = step.scale?.map { $0 * source.step }
      }
      let root = values[step.output].root
      let rounding = types[root].flatMap { type in ranges.largest[root].map { (type, $0) } }
      let readsBytes = values[step.inputs[0]].type != .float32
      guard rounding != nil || readsBytes else {
        steps.append(step)
        continue
      }
      let output = step.output
      // What somebody sees stays floats, and is bytes besides.
      let isSeen = values.contains { $0.root == root && $0.role != .intermediate }
      let floats =
        rounding == nil || isSeen ? output : define(shape: values[root].shape)
      let pooling = step.isPooled ? unpool(&step) : nil
      if pooling == nil { step.output = floats }
      steps.append(step)
      if var pooling {
        pooling.output = floats
        steps.append(pooling)
      }
      guard let (type, largest) = rounding else { continue }
      let target = isSeen ? define(shape: values[root].shape) : root
      values[target].type = type
      let unit = largest / (type == .uint8 ? 255 : 127)
      // Of nothing but zeros, or of numbers too small to be divided so, any.
      let length = unit.isNormal && (1 / unit).isFinite ? unit : 1
      bytes[root] = (target, length)
      var rounded = Step(kind: .quantization, inputs: [floats], output: target)
      rounded.layers = step.layers
      rounded.activation = Kernel.Activation(.linear, alpha: 1 / length)
      rounded.window = pixelWindow(of: (pooling ?? step).window, shape: values[root].shape)
      steps.append(rounded)
    }
    self.steps = steps
    formByteBands()
  }

  /// Takes the pooling out of a convolution, which becomes a step of its own whose output is not defined yet.
  private mutating func unpool(_ step: inout Step) -> Step? {
    guard let geometry = step.window?.geometry else { return nil }
    let (height, width) = (geometry.outputHeight, geometry.outputWidth)
    let sums = define(shape: [height, width, geometry.outputChannels])
    var pooling = Step(kind: .maximumPooling, inputs: [sums], output: step.output)
    pooling.layers = step.layers
    pooling.window = Runtime.Operation.Window(
      geometry: WindowGeometry(
        batch: 1, input: (height, width, geometry.outputChannels),
        output: (height / 2, width / 2, geometry.outputChannels), window: (2, 2), stride: (2, 2)))
    step.isPooled = false
    step.output = sums
    return pooling
  }

  /// The window of one pixel over what an operation computes.
  private func pixelWindow(
    of window: Runtime.Operation.Window?, shape: [Int]
  ) -> Runtime.Operation.Window {
    var size = (height: shape.dropLast().first ?? 1, width: 1, channels: shape.last ?? 1)
    size.width = shape.dropFirst().dropLast().reduce(1, *)
    if let geometry = window?.geometry {
      size = (geometry.outputHeight, geometry.outputWidth, geometry.outputChannels)
    }
    return Runtime.Operation.Window(
      geometry: WindowGeometry(batch: 1, input: size, output: size))
  }

  /// Makes bands of what writes and reads bytes: of each rounding and the windows before it, then of each other
  /// reader and the pooling behind it.
  private mutating func formByteBands() {
    var isTaken = [Bool](repeating: false, count: steps.count)
    func reads(_ index: Int) -> Bool { values[steps[index].inputs[0]].type != .float32 }
    /// Whether a step hands nothing on but rows to the next one.
    func joins(_ index: Int) -> Bool {
      hasRows(steps[index]) && hasRows(steps[index + 1])
        && steps[index + 1].inputs[0] == steps[index].output && isSeenOnce(steps[index].output)
        && steps[index].window?.geometry.outputHeight
          == steps[index + 1].window?.geometry.inputHeight
    }
    for index in steps.indices where steps[index].kind == .quantization {
      var first = index
      while first > 0, index - first + 1 < Band.mostOperations, !isTaken[first - 1],
        joins(first - 1)
      {
        first -= 1
      }
      steps[first].bandLength = index - first + 1
      for taken in first...index { isTaken[taken] = true }
    }
    for index in steps.indices where !isTaken[index] && reads(index) {
      let isPooled =
        index + 1 < steps.count && !isTaken[index + 1] && joins(index)
        && steps[index + 1].kind == .maximumPooling
      steps[index].bandLength = isPooled ? 2 : 1
    }
  }
}

extension Kernel.Activation {
  /// Whether no result is below zero.
  var isPositive: Bool { function == .relu || function == .reluBounded }
}

extension Lowering.Step {
  /// Whether the first input may be whole numbers in units of a step: with weights that are such, the scale has
  /// room for it.
  fileprivate var canReadBytes: Bool {
    guard narrowWeights?.type == .int8 else { return false }
    switch kind {
    case .convolution: return window?.groups == 1
    case .depthwiseConvolution: return true
    default: return false
    }
  }
}
