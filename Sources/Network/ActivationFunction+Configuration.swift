import Kernel

extension ActivationFunction {
  /// The names that both Keras 2 and Keras 3 know.
  private static let names = [
    "linear", "relu", "relu6", "leaky_relu", "elu", "selu", "exponential", "gelu", "hard_sigmoid",
    "mish", "sigmoid", "silu", "softplus", "softsign", "tanh", "softmax", "log_softmax",
  ]

  /// Those that only Keras 3 knows.
  private static let newerNames = [
    "celu", "hard_silu", "hard_tanh", "hard_shrink", "log_sigmoid", "soft_shrink", "sparse_plus",
    "sparse_sigmoid", "squareplus", "tanh_shrink",
  ]

  /// The activation as a version of Keras saves it: a name, or a layer that computes it.
  ///
  /// - Throws: `LayerError`, where that version has neither.
  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> LayerConfiguration.Value {
    let names = Self.names + (version >= 3 ? Self.newerNames : [])
    let name = names.first { Self(kerasName: $0, kerasMajorVersion: version) == self }
    if let name { return .string(name) }
    if let layer { return try layer.entry(kerasMajorVersion: version) }
    let other = version >= 3 ? 2 : 3
    let otherName = (Self.names + Self.newerNames).first {
      Self(kerasName: $0, kerasMajorVersion: other) == self
    }
    throw LayerError(
      "Keras \(version) does not have its activation"
        + (otherName.map { ", the '\($0)' of Keras \(other); write the model for Keras \(other)" }
          ?? ""))
  }

  /// A layer that is this activation with parameters of its own.
  private var layer: (any Layer)? {
    switch self {
    case .softmax(let axes, isLogarithmic: false): return Softmax(axes: axes)
    case .softmax: return nil
    case .elementwise(let activation):
      let (alpha, beta, gamma) = (activation.alpha, activation.beta, activation.gamma)
      switch activation.function {
      case .leakyRelu: return LeakyReLU(negativeSlope: alpha)
      case .elu: return ELU(alpha: alpha)
      case .reluBounded: return ReLU(maxValue: alpha)
      case .reluGeneral:
        return ReLU(
          maxValue: beta == .infinity ? nil : beta, negativeSlope: alpha, threshold: gamma)
      case .threshold where beta == 0: return ReLU(threshold: alpha)
      default: return nil
      }
    }
  }
}
