/// An element-wise activation function, with the numbers that parametrise it.
///
/// A plain value of 16 bytes: it is stored in a program as it is.
public struct Activation: Equatable, Sendable {
  /// Which function.
  public var function: Function
  /// The function's parameters; what they mean is said at each function.
  public var alpha: Float
  public var beta: Float
  public var gamma: Float

  @inlinable
  public init(_ function: Function, alpha: Float = 0, beta: Float = 0, gamma: Float = 0) {
    self.function = function
    self.alpha = alpha
    self.beta = beta
    self.gamma = gamma
  }

  /// The identity.
  @inlinable
  public static var linear: Activation { Activation(.linear) }

  /// The element-wise functions that Keras names, by the numbers a program stores.
  public enum Function: UInt32, CaseIterable, Sendable {
    case linear = 0
    /// max(x, 0).
    case relu = 1
    /// min(max(x, 0), alpha).
    case reluBounded = 2
    /// Keras's ReLU layer: slope alpha below the threshold gamma, at most beta.
    case reluGeneral = 3
    /// x where positive, else alpha · x.
    case leakyRelu = 4
    /// x where positive, else alpha · (e^x - 1).
    case elu = 5
    /// beta · elu(x) with slope alpha; the constants are the caller's.
    case selu = 6
    /// max(x, 0) + min(0, alpha · (e^(x / alpha) - 1)).
    case celu = 7
    case exponential = 8
    /// x · Φ(x), by the error function.
    case gelu = 9
    /// GELU by its tanh approximation.
    case geluApproximate = 10
    /// clip(alpha · x + beta, 0, 1): 0.2 and 0.5 in Keras 1 and 2, 1/6 and 0.5 in Keras 3.
    case hardSigmoid = 11
    /// x · clip(x / 6 + 0.5, 0, 1).
    case hardSilu = 12
    /// clip(x, -1, 1).
    case hardTanh = 13
    /// x where |x| > alpha, else 0.
    case hardShrink = 14
    /// -log(1 + e^-x).
    case logSigmoid = 15
    /// x · tanh(log(1 + e^x)).
    case mish = 16
    case sigmoid = 17
    /// x · sigmoid(x); Keras 2 calls it swish.
    case silu = 18
    /// x moved towards 0 by alpha, 0 within it.
    case softShrink = 19
    /// log(1 + e^x).
    case softplus = 20
    /// x / (1 + |x|).
    case softsign = 21
    /// 0 below -1, x above 1, (x + 1)² / 4 between.
    case sparsePlus = 22
    /// clip(x / 2 + 0.5, 0, 1).
    case sparseSigmoid = 23
    /// (x + √(x² + alpha)) / 2.
    case squareplus = 24
    case tanh = 25
    /// x - tanh(x).
    case tanhShrink = 26
    /// x where x > alpha, else beta.
    case threshold = 27
    case absolute = 28
    case negative = 29
    case square = 30
    case squareRoot = 31
    case reciprocalSquareRoot = 32
    case reciprocal = 33
    /// The natural logarithm.
    case logarithm = 34
    /// min(max(x, alpha), beta).
    case clip = 35
    /// alpha · x + beta.
    case affine = 36
    /// x to the power of alpha.
    case power = 37
    /// -1, 0 or 1.
    case sign = 38
    case roundDown = 39
    case roundUp = 40
    /// To the nearest whole number, halves to even ones.
    case round = 41
    /// The error function.
    case error = 42
    /// e^x - 1.
    case exponentialMinusOne = 43
  }

  /// Whether a convolution applies the function to its registers before it stores them; the others
  /// take a pass of their own over the stored values.
  @inlinable
  public var isFused: Bool {
    function == .linear || function == .relu || function == .reluBounded
  }
}
