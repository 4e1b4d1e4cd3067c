import Kernel

/// A layer's activation: element by element, or over an axis.
public enum ActivationFunction: Equatable, Sendable {
  case elementwise(Kernel.Activation)
  /// Along an axis, counted from the end where negative and with the batch where not, as Keras counts.
  case softmax(axes: [Int] = [-1], isLogarithmic: Bool = false)

  public static var linear: Self { .elementwise(.linear) }
  public static var relu: Self { .elementwise(Kernel.Activation(.relu)) }
  public static var relu6: Self { .elementwise(Kernel.Activation(.reluBounded, alpha: 6)) }
  public static var sigmoid: Self { .elementwise(Kernel.Activation(.sigmoid)) }
  public static var tanh: Self { .elementwise(Kernel.Activation(.tanh)) }
  public static var softmax: Self { .softmax() }
  public static var logSoftmax: Self { .softmax(isLogarithmic: true) }

  /// The function that Keras means by a name.
  ///
  /// `hard_sigmoid` is another function from Keras 3 on, and `leaky_relu` is only there by name since.
  public init?(kerasName name: String, kerasMajorVersion version: Int) {
    if name == "softmax" || name == "log_softmax" {
      self = .softmax(isLogarithmic: name == "log_softmax")
      return
    }
    guard let activation = Self.elementwise(named: name, version) else { return nil }
    self = .elementwise(activation)
  }

  private static func elementwise(named name: String, _ version: Int) -> Kernel.Activation? {
    switch name {
    case "linear": .linear
    case "relu": Kernel.Activation(.relu)
    case "relu6": Kernel.Activation(.reluBounded, alpha: 6)
    case "leaky_relu": Kernel.Activation(.leakyRelu, alpha: 0.2)
    case "elu": Kernel.Activation(.elu, alpha: 1)
    // Constants of Klambauer and others, Self-Normalizing Neural Networks, 2017.
    case "selu": Kernel.Activation(.selu, alpha: 1.673_263_2, beta: 1.050_701)
    case "celu": Kernel.Activation(.celu, alpha: 1)
    case "exponential": Kernel.Activation(.exponential)
    case "gelu": Kernel.Activation(.gelu)
    case "hard_sigmoid":
      Kernel.Activation(.hardSigmoid, alpha: version >= 3 ? 1 / 6 : 0.2, beta: 0.5)
    case "hard_silu", "hard_swish": Kernel.Activation(.hardSilu)
    case "hard_tanh": Kernel.Activation(.hardTanh)
    case "hard_shrink": Kernel.Activation(.hardShrink, alpha: 0.5)
    case "log_sigmoid": Kernel.Activation(.logSigmoid)
    case "mish": Kernel.Activation(.mish)
    case "sigmoid": Kernel.Activation(.sigmoid)
    case "silu", "swish": Kernel.Activation(.silu)
    case "soft_shrink": Kernel.Activation(.softShrink, alpha: 0.5)
    case "softplus": Kernel.Activation(.softplus)
    case "softsign": Kernel.Activation(.softsign)
    case "sparse_plus": Kernel.Activation(.sparsePlus)
    case "sparse_sigmoid": Kernel.Activation(.sparseSigmoid)
    case "squareplus": Kernel.Activation(.squareplus, alpha: 4)
    case "tanh": Kernel.Activation(.tanh)
    case "tanh_shrink": Kernel.Activation(.tanhShrink)
    default: nil
    }
  }
}

extension LayerConfiguration {
  /// The activation under a key: a name, a function object, or a whole layer; linear where absent.
  public func activation(_ key: String = "activation") throws -> ActivationFunction {
    guard let value = self[key] else { return .linear }
    switch value {
    case .string(let name): return try activation(named: name)
    case .object(let object):
      if case .string(let name)? = object["config"],
        object["class_name"] == .string("function")
      {
        return try activation(named: name)
      }
      if case .string(let className)? = object["class_name"] {
        if case .object(let values)? = object["config"] {
          return try activation(
            LayerConfiguration(
              className: className, values: values, kerasMajorVersion: kerasMajorVersion))
        }
        return try activation(named: className)
      }
    default: break
    }
    throw LayerError("its '\(key)' is \(value); expected the name of an activation")
  }

  private func activation(named name: String) throws -> ActivationFunction {
    guard
      let function = ActivationFunction(kerasName: name, kerasMajorVersion: kerasMajorVersion)
    else { throw LayerError("its activation '\(name)' is not supported") }
    return function
  }

  /// A layer used as another's activation.
  private func activation(_ layer: LayerConfiguration) throws -> ActivationFunction {
    guard let type = LayerRegistry.type(named: layer.className),
      let function = (try type.init(layer) as? any ActivationLayer)?.function
    else {
      throw LayerError("its activation, a layer of class \(layer.className), is not supported")
    }
    return function
  }
}

/// A layer that is nothing but an activation, and so may be another's.
public protocol ActivationLayer: UnaryLayer {
  var function: ActivationFunction { get }
}

extension ActivationLayer {
  public func outputShape(_ input: Shape) throws -> Shape { input }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    [try context.activate(context.inputs[0], function)]
  }
}
