import Kernel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Activation {
  /// The function in double precision, by the formula that Keras gives.
  func exact(_ x: Double) -> Double {
    let alpha = Double(self.alpha)
    let beta = Double(self.beta)
    let gamma = Double(self.gamma)
    switch function {
    case .linear: return x
    case .relu: return x < 0 ? 0 : x
    case .reluBounded: return x < 0 ? 0 : min(x, alpha)
    case .reluGeneral: return x >= beta ? beta : x >= gamma ? x : alpha * (x - gamma)
    case .leakyRelu: return x < 0 ? alpha * x : x
    case .elu: return x < 0 ? alpha * expm1(x) : x
    case .selu: return beta * (x < 0 ? alpha * expm1(x) : x)
    case .celu: return max(x, 0) + min(0, alpha * expm1(x / alpha))
    case .exponential: return exp(x)
    case .gelu: return 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    case .geluApproximate:
      return 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .hardSigmoid: return min(max(alpha * x + beta, 0), 1)
    case .hardSilu: return x * min(max(x / 6 + 0.5, 0), 1)
    case .hardTanh: return min(max(x, -1), 1)
    case .hardShrink: return abs(x) > alpha ? x : 0
    case .logSigmoid: return min(x, 0) - log1p(exp(-abs(x)))
    case .mish: return x * tanh(softplus(x))
    case .sigmoid: return 1 / (1 + exp(-x))
    case .silu: return x / (1 + exp(-x))
    case .softShrink: return x > alpha ? x - alpha : x < -alpha ? x + alpha : 0
    case .softplus: return softplus(x)
    case .softsign: return x / (1 + abs(x))
    case .sparsePlus: return x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4
    case .sparseSigmoid: return min(max(0.5 * x + 0.5, 0), 1)
    case .squareplus: return (x + (x * x + alpha).squareRoot()) / 2
    case .tanh: return tanh(x)
    case .tanhShrink: return x - tanh(x)
    case .threshold: return x > alpha ? x : beta
    default: return exactFunction(x)
    }
  }

  /// The functions that are operations of models, not activations.
  private func exactFunction(_ x: Double) -> Double {
    let (alpha, beta) = (Double(self.alpha), Double(self.beta))
    switch function {
    case .absolute: return abs(x)
    case .negative: return -x
    case .square: return x * x
    case .squareRoot: return x.squareRoot()
    case .reciprocalSquareRoot: return 1 / x.squareRoot()
    case .reciprocal: return 1 / x
    case .logarithm: return log(x)
    case .clip: return min(max(x, alpha), beta)
    case .affine: return alpha * x + beta
    case .power: return pow(x, alpha)
    case .sign: return x > 0 ? 1 : x < 0 ? -1 : x
    case .roundDown: return x.rounded(.down)
    case .roundUp: return x.rounded(.up)
    case .round: return x.rounded(.toNearestOrEven)
    case .error: return erf(x)
    case .exponentialMinusOne: return expm1(x)
    default: return .nan
    }
  }

  private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

  /// How far off single precision may be: so many units of roundoff of the result, and where the
  /// formula takes the difference of larger numbers, of those.
  func tolerance(_ x: Double) -> Double {
    let operands: Double
    switch function {
    case .gelu, .geluApproximate, .tanhShrink: operands = abs(x)
    case .hardSigmoid: operands = abs(Double(alpha) * x) + abs(Double(beta))
    case .hardSilu: operands = abs(x) * (abs(x) / 6 + 0.5)
    case .sparseSigmoid: operands = 0.5 * abs(x) + 0.5
    case .squareplus: operands = (x * x + Double(alpha)).squareRoot()
    case .affine: operands = abs(Double(alpha) * x) + abs(Double(beta))
    // e^(α · log x): the exponent's rounding is the result's, relative to it.
    case .power: operands = x == 0 ? 0 : abs(exact(x) * Double(alpha) * log(abs(x)))
    default: operands = 0
    }
    // The last term is for results that are subnormal, and for x times a subnormal number.
    return unitRoundoff * 8 * (abs(exact(x)) + operands) + 0x1p-148 * (1 + abs(x))
  }

  /// Every function with the parameters that Keras gives it, and with others.
  static let tested: [Activation] = Function.allCases.flatMap { function -> [Activation] in
    switch function {
    case .reluBounded: [Activation(function, alpha: 6), Activation(function, alpha: 0.5)]
    case .reluGeneral:
      [
        Activation(function, alpha: 0.1, beta: 6, gamma: 0.5),
        Activation(function, alpha: 0, beta: .infinity, gamma: -1),
      ]
    case .leakyRelu: [Activation(function, alpha: 0.3), Activation(function, alpha: 1.5)]
    case .elu, .celu: [Activation(function, alpha: 1), Activation(function, alpha: 0.25)]
    case .selu: [Activation(function, alpha: 1.673_263_2, beta: 1.050_701)]
    case .hardSigmoid:
      [
        Activation(function, alpha: 0.2, beta: 0.5), Activation(function, alpha: 1 / 6, beta: 0.5),
      ]
    case .hardShrink, .softShrink: [Activation(function, alpha: 0.5)]
    case .squareplus: [Activation(function, alpha: 4), Activation(function, alpha: 0)]
    case .threshold: [Activation(function, alpha: 1, beta: -20)]
    case .clip:
      [
        Activation(function, alpha: -0.5, beta: 2),
        Activation(function, alpha: -.infinity, beta: 0),
      ]
    case .affine: [Activation(function, alpha: -1.5, beta: 0.25)]
    case .power: [1.5, -0.75, 3, -2, 0].map { Activation(function, alpha: $0) }
    default: [Activation(function)]
    }
  }
}
