/// A function of TensorFlow or of Keras's `ops` that a model calls between its layers: `TFOpLambda`,
/// `SlicingOpLambda`, and the operation layers of Keras 3.
public struct TensorOperation: Layer {
  public static let className = "TFOpLambda"
  public let className: String
  public var name: String?
  /// The function without its module, in small letters and without underscores: `reducemean`.
  public let function: String
  /// What the call gives: in order, and by name.
  public var arguments: [Argument] = []
  public var keywords: [String: Argument] = [:]
  /// The function as the file names it: `math.reduce_mean` in Keras 2, a class in Keras 3.
  private let path: String
  /// What the configuration holds besides: the constants of an operation of Keras 3.
  private let settings: [String: LayerConfiguration.Value]
  private let kerasMajorVersion: Int

  /// An argument of a call.
  public indirect enum Argument: Equatable, Sendable {
    /// An input of the layer by its number.
    case input(Int)
    case value(LayerConfiguration.Value)
    case list([Argument])
  }

  public init(_ configuration: LayerConfiguration) throws {
    className = configuration.className
    name = configuration.name
    kerasMajorVersion = configuration.kerasMajorVersion
    let isLambda = configuration.className.hasSuffix("OpLambda")
    path = isLambda ? try configuration.string("function", default: "") : className
    function = Self.normalized(path)
    guard Self.functions.contains(function) else {
      throw LayerError("its function '\(path)' is not supported")
    }
    // An operation of Keras 3 keeps its constants in the configuration.
    settings = isLambda ? [:] : configuration.arguments
    keywords = settings.mapValues { .value($0) }
  }

  /// Whether it is an operation of Keras 2, which calls a function of TensorFlow by its name.
  var isLambda: Bool { className.hasSuffix("OpLambda") }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    guard isLambda == (version < 3) else { throw hasNoCounterpart(kerasMajorVersion: version) }
    return isLambda ? ["function": .string(path)] : settings
  }

  /// Why an operation cannot be written for another version.
  func hasNoCounterpart(kerasMajorVersion version: Int) -> LayerError {
    LayerError(
      "Keras \(version) has no counterpart of its function '\(path)', or not with its arguments; "
        + "write the model for Keras \(isLambda ? 2 : 3)")
  }

  /// The arguments by name that a call gives, and not the configuration.
  package var callKeywords: [String: Argument] {
    keywords.filter { key, value in settings[key].map { Argument.value($0) } != value }
  }

  /// The number of inputs that its arguments name.
  package var inputCount: Int {
    func count(_ argument: Argument) -> Int {
      switch argument {
      case .input(let index): index + 1
      case .value: 0
      case .list(let list): list.map(count).max() ?? 0
      }
    }
    return (arguments + keywords.values).map(count).max() ?? 0
  }

  /// Whether a class is an operation of Keras 3, and not the layer of the same name.
  static func isOperation(_ configuration: LayerConfiguration) -> Bool {
    let name = configuration.className
    if name == "TFOpLambda" || name == "SlicingOpLambda" { return true }
    if name == "Reshape" { return configuration.values["target_shape"] == nil }
    return LayerRegistry.type(named: name) == nil && functions.contains(normalized(name))
  }

  /// `math.reduce_mean` and `ReduceMean` as `reducemean`.
  private static func normalized(_ path: String) -> String {
    let last = path.split(separator: ".").last.map(String.init) ?? path
    let small = last.lowercased().filter { $0 != "_" }
    return synonyms[small] ?? small
  }

  private static let synonyms = [
    "addv2": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide",
    "truedivide": "divide", "realdiv": "divide", "div": "divide", "divnonan": "divide",
    "pow": "power",
    "mean": "reducemean", "sum": "reducesum", "max": "reducemax", "amax": "reducemax",
    "min": "reducemin", "amin": "reducemin", "prod": "reduceprod", "abs": "absolute",
    "neg": "negative", "concat": "concatenate", "concatv2": "concatenate", "swish": "silu",
    "getitem": "stridedslice", "clip": "clipbyvalue", "reverse": "flip", "ceil": "roundup",
    "floor": "rounddown", "exp": "exponential", "permutedimensions": "transpose",
    "convertimagedtype": "identity", "cast": "identity", "stopgradient": "identity",
    "l2normalize": "l2normalize", "normalize": "l2normalize", "lrn": "localresponsenormalization",
    "dot": "matmul", "batchmatmulv2": "matmul", "resizebilinear": "resize",
    "resizeimages": "resize", "biasadd": "add", "copy": "identity",
  ]

  static let functions: Set<String> =
    Set(binaryFunctions.keys).union(unaryFunctions.keys).union(reductions.keys).union([
      "softmax", "logsoftmax", "identity", "clipbyvalue", "reshape", "expanddims", "squeeze",
      "transpose", "concatenate", "stack", "split", "unstack", "tile", "repeat", "pad",
      "stridedslice", "flip", "matmul", "l2normalize", "localresponsenormalization", "resize",
      "depthtospace", "spacetodepth", "leakyrelu", "elu", "gelu", "selu", "softplus", "softsign",
      "hardsigmoid", "hardsilu", "hardswish", "mish", "relu6", "celu", "logsigmoid", "hardtanh",
      "swapaxes", "moveaxis", "broadcastto", "flatten",
    ])

  /// The shapes come from what the operations give for sizes that stand for open ones: a size that
  /// differs with them is open.
  public func outputShapes(_ inputs: [Shape]) throws -> [Shape] {
    let first = try probe(inputs.map { $0.sizes.map { $0 ?? 96 } })
    if inputs.allSatisfy({ $0.known != nil }) { return first.map { Shape($0) } }
    let second = try probe(inputs.map { $0.sizes.map { $0 ?? 160 } })
    return zip(first, second).map { a, b in Shape(zip(a, b).map { $0 == $1 ? $0 : nil }) }
  }

  private func probe(_ inputs: [[Int]]) throws -> [[Int]] {
    var lowering = Lowering()
    lowering.isProbe = true
    let values = inputs.map { lowering.define(shape: $0) }
    var context = LoweringContext(
      lowering: lowering, inputs: values, weights: [], prefix: "", taps: [])
    return try lower(&context).map { context.shape($0) }
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    var call = OperationCall(
      arguments: arguments, keywords: keywords, inputs: context.inputs, context: context)
    defer { context = call.context }
    if let function = Self.binaryFunctions[self.function] { return [try call.combine(function)] }
    if let function = Self.unaryFunctions[self.function] {
      return [call.context.apply(function, try call.first())]
    }
    if let reduction = Self.reductions[self.function] { return [try call.reduce(reduction)] }
    if let result = try call.activate(self.function, kerasMajorVersion) { return [result] }
    return try call.rearrange(self.function)
  }
}
