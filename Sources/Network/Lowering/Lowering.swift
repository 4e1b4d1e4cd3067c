import Kernel
import Runtime

/// A network on its way to a program: operations over numbered values, before fusion and memory.
public struct Lowering {
  /// The number of a value.
  public typealias Value = Int

  /// What an operation computes into, or an input.
  struct ValueRecord {
    var shape: [Int]
    /// The value whose memory this one shows; itself for most.
    var root: Value
    var role = TensorRecord.Role.intermediate
    var name = ""
    /// Whether it is of the state: one value for all pictures, which outlives a run.
    var isOfState = false
    /// Of a part of a value of the state: that value, and from which float on.
    var part: (whole: Value, offset: Int)?
    /// Of a root that lies in a concatenation: where.
    var rows: Rows?
    /// Of a root: as what its numbers are stored.
    var type = ElementType.float32
  }

  /// Where a part of a concatenation lies in it.
  struct Rows {
    /// The concatenation, a root.
    var whole: Value
    /// The floats of the whole's rows in front of those of the part.
    var offset: Int
    /// The floats of each row of the part.
    var length: Int
  }

  /// An operation whose constants are still arrays.
  struct Step {
    var kind: Runtime.Operation.Kind
    var inputs: [Value]
    var output: Value
    /// The paths of the layers that it computes.
    var layers: [String] = []
    /// A convolution's kernel HWIO, which is packed when the program is written.
    var kernel: Tensor?
    var winogradTile = 0
    /// Of a copy into the middle of zeros: how many rows and columns of them come first.
    var padding: (top: Int, left: Int)?
    /// Of a gathering that transposes, the order of the axes.
    var permutation: [Int]?
    /// Whether the maximum of every two by two results of a convolution is its output.
    var isPooled = false
    /// Of the first operation of a band: how many they are, and the rows at a time.
    var bandLength = 0
    var bandRows = 0
    var activation = Kernel.Activation.linear
    var window: Runtime.Operation.Window?
    var numbers: [Int] = []
    var weights: [Float]?
    var bias: [Float]?
    var scale: [Float]?
    var shift: [Float]?
    /// The values of the state that stand in the place of constants.
    var references = References()
    /// Of a loss what each picture counts; an input, too.
    var pictureWeights: Value?
    /// Of a maximum pooling in training, by itself or behind a convolution, where it writes the places that its
    /// results come from; of the gradient of weights in front of such a pooling where they are read.
    var places: Value?
    /// Of the gradient of a convolution's weights: the parts of the batch with sums of their own.
    var chunks = 0
    /// Whether the sums are added up picture by picture, in a segment with as many chunks.
    var isAccumulated = false
    /// A convolution's weights in 16 or 8 bits, in the place of `kernel` and `weights`.
    var narrowWeights: NarrowWeights?
    /// A convolution's kernel that training changes.
    var variableKernel: VariableKernel?

    struct References {
      var weights: Value?
      var bias: Value?
      var scale: Value?
      var shift: Value?
    }

    /// The weights as they are written.
    var packedWeights: Constant? {
      if let narrowWeights { return .narrow(narrowWeights) }
      if let weights { return .values(weights) }
      return kernel.map {
        .kernel($0, winogradTile: winogradTile, groups: window?.groups ?? 1)
      }
    }

    /// Whether the input is only there because each operation has one.
    var readsNothing: Bool { kind == .fill || kind == .constant }
  }

  var values: [ValueRecord] = []
  var steps: [Step] = []
  /// The values of the model's inputs and outputs, in the model's order.
  var inputs: [Value] = []
  var outputs: [Value] = []
  /// How often each layer was lowered, by path: shared layers and those of shared models several times.
  private var calls: [String: Int] = [:]
  private var packedKernels = PackedKernelCache()
  /// Whether only shapes are asked for: tables are not made then.
  var isProbe = false
  /// The bytes that narrow weights are widened into at a time, where as few will do.
  var widenedSize = Lowering.usualWidenedSize
  /// The weights that are values, where the network is lowered with gradients.
  var variables: TrainingVariables?

  /// Lowers a network for known input sizes.
  ///
  /// - Parameters:
  ///   - taps: The paths of the layers whose outputs are kept.
  /// - Throws: `NetworkError`, where a size is open or weights are missing.
  static func lower(
    _ network: Network, taps: Set<String>, variables: TrainingVariables? = nil
  ) throws -> Lowering {
    var lowering = Lowering()
    lowering.variables = variables
    lowering.inputs = try zip(network.inputShapes, network.inputNames).map { shape, name in
      guard let known = shape.known else {
        throw NetworkError(
          "its shape \(shape) has open sizes; give the sizes of the input", layer: name)
      }
      return lowering.defineInput(shape: known, name: name)
    }
    let outputs = try lowering.lower(network, inputs: lowering.inputs, prefix: "", taps: taps)
    for (output, name) in zip(outputs, network.outputNames) {
      lowering.addOutput(output, name: name)
    }
    return lowering
  }

  /// Appends a network's operations and returns its outputs.
  mutating func lower(
    _ network: Network, inputs: [Value], prefix: String, taps: Set<String>
  ) throws -> [Value] {
    var results: [[Value]] = []
    for call in network.calls {
      let node = network.nodes[call.node]
      let path = prefix + node.name
      let count = calls[path, default: 0]
      calls[path] = count + 1
      var given = call.inputs.map { results[$0.call][$0.output] }
      if call.inputs.isEmpty,
        let position = network.inputs.firstIndex(where: {
          network.calls[$0.call].node == call.node
        })
      {
        given = [inputs[position]]
      }
      let outputs = try network.naming(call.node) {
        let specifications = try node.layer.weights(call.inputShapes)
        guard let weights = node.weights ?? (specifications.isEmpty ? [] : nil) else {
          throw LayerError("it has no weights; load or initialise them first")
        }
        variables?.register(weights, specifications, path: path, isTrainable: node.isTrainable)
        var context = LoweringContext(
          lowering: self, inputs: given, weights: weights, prefix: path + "/", taps: taps)
        let firstStep = steps.count
        // Handed over: with two owners, each change would copy all of it.
        self = Lowering()
        defer { self = context.lowering }
        let outputs = try node.layer.lower(&context)
        context.lowering.nameSteps(from: firstStep, path)
        try context.lowering.variables?.checkUse(path: path)
        return outputs
      }
      let name = count == 0 ? path : "\(path):\(count)"
      results.append(
        taps.contains(path)
          ? outputs.enumerated().map { tap($1, $0 == 0 ? name : "\(name)[\($0)]") }
          : outputs)
    }
    return network.outputs.map { results[$0.call][$0.output] }
  }

  /// Names the layer of steps that no inner layer has named.
  private mutating func nameSteps(from first: Int, _ path: String) {
    for index in first..<steps.count where steps[index].layers.isEmpty {
      steps[index].layers = [path]
    }
  }

  /// A new value that the caller gives.
  private mutating func defineInput(shape: [Int], name: String) -> Value {
    let value = define(shape: shape)
    values[value].role = .input
    values[value].name = name
    return value
  }

  /// One more input, behind the model's own.
  mutating func addInput(shape: [Int], name: String) -> Value {
    let value = defineInput(shape: shape, name: name)
    inputs.append(value)
    return value
  }

  /// One more output.
  mutating func addOutput(_ value: Value, name: String) {
    let kept = output(value)
    values[kept].role = .output
    values[kept].name = name
    outputs.append(kept)
  }

  /// The step that computes a value; nil of an input.
  func producer(of value: Value) -> Step? {
    steps.last { values[$0.output].root == values[value].root }
  }

  /// The value that becomes an output of the model: itself, where the caller's memory is nobody else's;
  /// a view of a tapped value; a copy of an input and of what is an output already.
  private mutating func output(_ value: Value) -> Value {
    if isBound(value) { return copied(value) }
    return values[value].role == .intermediate
      ? value : view(value, shape: values[value].shape)
  }

  /// Whether a value is in the caller's memory.
  func isBound(_ value: Value) -> Bool {
    let root = values[value].root
    return values.contains { $0.root == root && ($0.role == .input || $0.role == .output) }
  }

  /// The same value in memory of its own.
  mutating func copied(_ value: Value) -> Value {
    let copy = define(shape: values[value].shape)
    var step = Step(kind: .copy, inputs: [value], output: copy)
    step.numbers = [
      1, 1, count(value), count(value), count(value), count(value), count(value), 0,
    ]
    steps.append(step)
    return copy
  }

  /// Keeps a value under a layer's name: as it is, or where somebody else keeps it too, as a view.
  private mutating func tap(_ value: Value, _ name: String) -> Value {
    let kept =
      values[value].role == .intermediate ? value : view(value, shape: values[value].shape)
    values[kept].role = .tap
    values[kept].name = name
    return kept
  }

  /// A new value without an operation yet.
  mutating func define(shape: [Int]) -> Value {
    values.append(ValueRecord(shape: shape, root: values.count))
    return values.count - 1
  }

  /// The same memory under another shape.
  mutating func view(_ value: Value, shape: [Int]) -> Value {
    values.append(ValueRecord(shape: shape, root: values[value].root))
    return values.count - 1
  }

  /// A kernel as the kernels read it; the same array is packed once, however often it is used.
  mutating func packed(
    _ kernel: Tensor, _ layout: String, _ pack: (Tensor) -> [Float]
  ) -> [Float] {
    packedKernels.values(kernel, layout, pack)
  }

  func count(_ value: Value) -> Int { values[value].shape.reduce(1, *) }

  func type(_ value: Value) -> ElementType { values[values[value].root].type }

  func byteCount(_ value: Value) -> Int { count(value) * type(value).size }

  /// Where a value lies in a concatenation; nil where it has memory of its own.
  func rows(_ value: Value) -> Rows? { values[values[value].root].rows }

  /// The value whose memory a value lies in: its root, or the concatenation that this is a part of.
  func home(_ value: Value) -> Value { rows(value)?.whole ?? values[value].root }
}
