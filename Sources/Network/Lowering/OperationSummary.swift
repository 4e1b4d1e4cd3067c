import Kernel
import Runtime

/// What one operation of a program is.
public struct OperationSummary: Equatable, Sendable {
  /// The paths of the layers that it computes.
  public var layers: [String]
  /// What it does: "convolution", "dense", "max pooling".
  public var kind: String
  /// How, where there is a choice: "direct", "winograd 4x4".
  public var algorithm: String
  /// Without the batch.
  public var outputShape: [Int]
  /// For one picture, as the layer is defined; 0 where it is not a sum of products.
  public var multiplyAdds: Int
  /// The constants that are read.
  public var weightBytes: Int
  /// What is read and written for one picture.
  public var valueBytes: Int

  init(_ step: Lowering.Step, _ lowering: Lowering) {
    layers = step.layers
    outputShape = lowering.values[step.output].shape
    let others = [step.bias, step.scale, step.shift].compactMap { $0?.count }
    weightBytes = others.reduce(0, +) * 4 + (step.packedWeights?.byteCount ?? 0)
    let inputs = step.readsNothing ? [] : step.inputs
    valueBytes = inputs.reduce(lowering.byteCount(step.output)) { $0 + lowering.byteCount($1) }
    algorithm = ""
    multiplyAdds = 0
    if let window = step.window {
      let geometry = window.geometry
      let taps = geometry.windowHeight * geometry.windowWidth
      let products = geometry.outputCount * taps * geometry.inputChannels / window.groups
      switch step.kind {
      case .convolution, .trackedConvolution:
        let tile = step.winogradTile
        multiplyAdds = products
        algorithm = tile > 0 ? "winograd \(tile)x\(tile)" : "direct"
        if let type = step.narrowWeights?.type { algorithm += ", \(type)" }
      case .weightGradient, .winogradWeightGradient:
        multiplyAdds = products
        algorithm = step.kind == .weightGradient ? "direct" : "winograd 4x4"
      case .depthwiseConvolution: multiplyAdds = geometry.outputCount * taps
      case .transposedConvolution:
        multiplyAdds = geometry.inputCount * taps * geometry.outputChannels
      default: break
      }
    }
    kind = Self.name(step)
  }

  static func name(_ step: Lowering.Step) -> String {
    switch step.kind {
    case .convolution, .trackedConvolution:
      guard let geometry = step.window?.geometry else { return "convolution" }
      let isDense = geometry.inputHeight == 1 && geometry.inputWidth == 1
      return (isDense ? "dense" : "convolution") + (step.isPooled ? ", max pooling" : "")
    case .depthwiseConvolution: return "depthwise"
    case .transposedConvolution: return "transposed convolution"
    case .maximumPooling, .trackedMaximumPooling: return "max pooling"
    case .averagePooling: return "average pooling"
    case .activation: return "activation"
    case .scaleAndShift: return "scale and shift"
    case .addition: return "addition"
    case .softmax: return "softmax"
    case .copy: return "copy"
    case .fill: return "fill"
    case .combination: return "combination"
    case .reduction: return "reduction"
    case .gathering: return step.permutation == nil ? "gathering" : "transposition"
    case .resampling: return "resampling"
    case .matrixProduct: return "matrix product"
    case .lookup: return "lookup"
    case .boundaryCount: return "discretization"
    case .constant: return "constant"
    case .quantization: return "quantization"
    case .turning, .winogradTransformation: return "packing"
    case .weightGradient, .winogradWeightGradient, .depthwiseWeightGradient:
      return "weight gradient"
    case .depthwiseInputGradient: return "depthwise gradient"
    case .activationGradient: return "activation gradient"
    case .maximumPoolingGradient: return "max pooling gradient"
    case .averagePoolingGradient: return "average pooling gradient"
    case .update: return "update"
    case .gradientSquares: return "gradient norm"
    case .dropout: return "dropout"
    case .loss, .lossGradient: return "loss"
    case .batchMoments: return "batch moments"
    case .batchGradient: return "batch normalization gradient"
    }
  }
}
