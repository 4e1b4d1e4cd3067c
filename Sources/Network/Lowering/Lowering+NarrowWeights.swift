import Kernel
import Runtime

/// Layers whose weights stay 32-bit floats in a program of narrow ones, and why.
public struct WideWeights: Equatable, Sendable {
  /// The paths of the layers.
  public var layers: [String]
  public var reason: String
}

extension Lowering {
  /// Rounds the weights of convolutions and dense layers to 16 or 8 bits, and returns what stays as it is.
  ///
  /// Of 8 bits each output channel has a step. (bias + sum) · scale + shift with the sum in steps becomes
  /// sum · (step · scale) + (shift + bias · scale), so that widening is nothing but reading whole numbers.
  ///
  /// - Parameter type: Of `float32` nothing is done.
  mutating func narrowWeights(_ type: ElementType) -> [WideWeights] {
    guard type != .float32 else { return [] }
    var cache = NarrowWeightsCache()
    var wide: [WideWeights] = []
    func keep(_ step: Step, _ reason: String) {
      let weights = WideWeights(layers: step.layers, reason: reason)
      if !wide.contains(weights) { wide.append(weights) }
    }
    for index in steps.indices {
      let step = steps[index]
      if let name = step.floatsOnly { keep(step, "a \(name) takes floats") }
      guard let source = step.weightSource else { continue }
      switch cache.weights(source, type) {
      case .success(let weights): steps[index].take(weights)
      case .failure(let obstacle): keep(step, obstacle.reason)
      }
    }
    return wide
  }
}

extension NarrowWeights.Obstacle {
  fileprivate var reason: String {
    switch self {
    case .notFinite: "a weight is not a number, or infinite"
    case .tooLarge(let weight): "a weight is \(weight); the largest of 16 bits is 65504"
    }
  }
}

/// Weights that can be narrow: those of a convolution, still to be packed or packed.
private struct WeightSource {
  var kind: Runtime.Operation.Kind
  var window: Runtime.Operation.Window
  var kernel: Tensor?
  var weights: [Float]

  /// All weights packed, and the rows of them.
  var packed: (weights: [Float], runs: [NarrowWeights.Run], panels: Int) {
    let geometry = window.geometry
    let panels = window.groups * Panel.count(geometry.outputChannels / window.groups)
    let taps = geometry.windowHeight * geometry.windowWidth
    func panelRuns(_ rows: Int) -> [NarrowWeights.Run] {
      (0..<panels).map { NarrowWeights.Run(panel: $0, rows: rows) }
    }
    switch kind {
    case .depthwiseConvolution:
      let runs = (0..<taps).flatMap { _ in panelRuns(1) }
      return (weights, runs, panels)
    case .transposedConvolution:
      let phases = (0..<geometry.strideY).flatMap { y in
        (0..<geometry.strideX).map { x in
          geometry.transposedRows(y).taps * geometry.transposedColumns(x).taps
        }
      }
      return (weights, phases.flatMap { panelRuns($0 * geometry.inputChannels) }, panels)
    default:
      let packed = kernel.map { PackedKernel.panels($0, groups: window.groups) } ?? weights
      return (packed, panelRuns(taps * geometry.inputChannels / window.groups), panels)
    }
  }
}

/// Narrow weights by the arrays that they were made of: layers that are called several times, or for each
/// step of a sequence, share theirs.
private struct NarrowWeightsCache {
  private struct Key: Hashable {
    var address: UnsafeRawPointer?
    var shape: [Int]
    var kind: UInt32
    var groups: Int
  }

  /// The arrays are kept, so that no other gets their address.
  private var entries: [Key: (WeightSource, Result<NarrowWeights, NarrowWeights.Obstacle>)] = [:]

  mutating func weights(
    _ source: WeightSource, _ type: ElementType
  ) -> Result<NarrowWeights, NarrowWeights.Obstacle> {
    let values = source.kernel?.values ?? source.weights
    let key = Key(
      address: values.withUnsafeBytes { $0.baseAddress },
      shape: source.kernel?.shape ?? [values.count], kind: source.kind.rawValue,
      groups: source.window.groups)
    if let entry = entries[key] { return entry.1 }
    let packed = source.packed
    let result = Result { () throws(NarrowWeights.Obstacle) in
      try NarrowWeights(packed.weights, type, runs: packed.runs, panels: packed.panels)
    }
    entries[key] = (source, result)
    return result
  }
}

extension Lowering.Step {
  /// The weights, where they can be narrow.
  fileprivate var weightSource: WeightSource? {
    guard let window, references.weights == nil, kernel != nil || weights != nil else { return nil }
    switch kind {
    case .convolution:
      return WeightSource(kind: kind, window: window, kernel: kernel, weights: weights ?? [])
    case .depthwiseConvolution, .transposedConvolution:
      return weights.map { WeightSource(kind: kind, window: window, kernel: nil, weights: $0) }
    default: return nil
    }
  }

  /// What an operation with weights is called that has floats only.
  fileprivate var floatsOnly: String? {
    guard weights != nil else { return nil }
    switch kind {
    case .lookup, .matrixProduct, .combination, .constant: return OperationSummary.name(self)
    default: return nil
    }
  }

  fileprivate mutating func take(_ narrow: NarrowWeights) {
    kernel = nil
    weights = nil
    narrowWeights = narrow
    guard narrow.type == .int8 else { return }
    let bias = self.bias ?? [Float](repeating: 0, count: narrow.steps.count)
    if let scale, let shift {
      self.shift = zip(shift, zip(bias, scale)).map { $0 + $1.0 * $1.1 }
      self.scale = zip(narrow.steps, scale).map { $0 * $1 }
    } else {
      shift = bias
      scale = narrow.steps
    }
    self.bias = [Float](repeating: 0, count: bias.count)
  }
}

extension Lowering {
  /// The bytes of weights that are widened at a time, where fewer will do: those of some panels, which stay in
  /// the second cache while line after line is computed.
  public static var usualWidenedSize: Int { 1 << 18 }

  /// The same where memory is small.
  public static var smallWidenedSize: Int { 1 << 15 }

  /// The same where memory is so small that values are bytes.
  public static var smallestWidenedSize: Int { 5 << 12 }

  /// The floats of scratch memory that a step's weights are best widened into; 0 where they are floats.
  ///
  /// - Parameter pixels: The pixels of the input that become floats, too.
  func widenedCount(_ step: Step, pixels: Int = 0) -> Int {
    guard step.narrowWeights != nil, var window = step.window else { return 0 }
    switch step.kind {
    case .depthwiseConvolution:
      let inputs =
        pixels == 0
        ? 0
        : Widening.inputCount(window.geometry, rows: pixels / window.geometry.inputWidth)
      return inputs + (step.packedWeights?.count ?? 0)
    case .transposedConvolution:
      // The first phase has the most taps.
      window.geometry.windowHeight = window.geometry.transposedRows(0).taps
      window.geometry.windowWidth = window.geometry.transposedColumns(0).taps
    default: break
    }
    return Widening(window, pixels: pixels).best(limit: widenedSize / 4, isPooled: step.isPooled)
  }
}
