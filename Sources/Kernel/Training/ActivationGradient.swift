extension Activation.Function {
  /// What the gradient of a function is computed from.
  public enum GradientSource: Sendable {
    /// The function's result.
    case output
    /// What the function was applied to.
    case input
  }

  /// What the gradient is computed from.
  public var gradientSource: GradientSource {
    switch self {
    case .linear, .relu, .reluBounded, .leakyRelu, .elu, .selu, .celu, .exponential, .hardSigmoid,
      .hardTanh, .hardShrink, .softShrink, .sparseSigmoid, .sigmoid, .softplus, .softsign, .tanh,
      .logSigmoid, .negative, .affine, .squareRoot, .reciprocalSquareRoot, .reciprocal,
      .exponentialMinusOne, .sign, .roundDown, .roundUp, .round:
      .output
    case .gelu, .geluApproximate, .silu, .hardSilu, .mish, .square, .absolute, .clip, .logarithm,
      .reluGeneral, .sparsePlus, .squareplus, .tanhShrink, .threshold, .power, .error:
      .input
    }
  }
}

/// The gradient of what an activation was applied to, from that of its result.
///
/// `value` is the activation's result or input, as its function's `gradientSource` says; `gradient` and
/// `output` may be the same memory. Where a function has a kink, the gradient there is TensorFlow's.
@inlinable @inline(always)
public func activationGradient<V: Vector>(
  _: V.Type, _ activation: Activation, _ gradient: UnsafePointer<Float>,
  _ value: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, count: Int
) {
  let alpha = V(repeating: activation.alpha)
  let beta = V(repeating: activation.beta)
  let zero = V.zeros
  let one = V(repeating: 1)
  switch activation.function {
  case .linear: map(gradient, output, count) { (g: V) in g }
  case .relu:
    combine(gradient, output, count, value) { (g: V, y: V) in
      g.replaced(with: zero, whereAtMost: y, zero)
    }
  case .reluBounded:
    combine(gradient, output, count, value) { (g: V, y: V) in
      g.replaced(with: zero, whereAtMost: y, zero).replaced(with: zero, whereAtMost: alpha, y)
    }
  case .leakyRelu:
    combine(gradient, output, count, value) { (g: V, y: V) in
      g.replaced(with: alpha * g, whereAtMost: y, zero)
    }
  case .elu:
    combine(gradient, output, count, value) { (g: V, y: V) in
      g.replaced(with: g * (y + alpha), whereLess: y, than: zero)
    }
  case .selu:
    combine(gradient, output, count, value) { (g: V, y: V) in
      (g * beta).replaced(with: g * (y + alpha * beta), whereLess: y, than: zero)
    }
  case .exponential: combine(gradient, output, count, value) { (g: V, y: V) in g * y }
  case .hardSigmoid:
    combine(gradient, output, count, value) { (g: V, y: V) in
      (g * alpha).replaced(with: zero, whereAtMost: y, zero)
        .replaced(with: zero, whereAtMost: one, y)
    }
  case .hardTanh:
    combine(gradient, output, count, value) { (g: V, y: V) in
      g.replaced(with: zero, whereAtMost: one, y.magnitudes)
    }
  case .sigmoid: combine(gradient, output, count, value) { (g: V, y: V) in g * (y * (one - y)) }
  case .tanh: combine(gradient, output, count, value) { (g: V, y: V) in g * (one - y * y) }
  case .softplus:
    combine(gradient, output, count, value) { (g: V, y: V) in g * (one - Kernel.exponential(-y)) }
  case .logSigmoid:
    combine(gradient, output, count, value) { (g: V, y: V) in g * (one - Kernel.exponential(y)) }
  case .softsign:
    combine(gradient, output, count, value) { (g: V, y: V) in
      let rest = one - y.magnitudes
      return g * (rest * rest)
    }
  case .celu:
    combine(gradient, output, count, value) { (g: V, y: V) in
      g.replaced(with: g * (y / alpha + one), whereLess: y, than: zero)
    }
  case .hardShrink, .softShrink:
    combine(gradient, output, count, value) { (g: V, y: V) in
      g.replaced(with: zero, whereAtMost: y.magnitudes, zero)
    }
  case .sparseSigmoid:
    combine(gradient, output, count, value) { (g: V, y: V) in
      (g * V(repeating: 0.5)).replaced(with: zero, whereAtMost: y, zero)
        .replaced(with: zero, whereAtMost: one, y)
    }
  case .reciprocalSquareRoot:
    combine(gradient, output, count, value) { (g: V, y: V) in g * V(repeating: -0.5) * y * y * y }
  case .reciprocal: combine(gradient, output, count, value) { (g: V, y: V) in -(g * y * y) }
  case .exponentialMinusOne:
    combine(gradient, output, count, value) { (g: V, y: V) in g * (y + one) }
  case .sign, .roundDown, .roundUp, .round: map(gradient, output, count) { (_: V) in zero }
  case .negative: map(gradient, output, count) { (g: V) in -g }
  case .affine: map(gradient, output, count) { (g: V) in g * alpha }
  case .squareRoot:
    combine(gradient, output, count, value) { (g: V, y: V) in g * V(repeating: 0.5) / y }
  default: inputGradient(V.self, activation, gradient, value, output, count: count)
  }
}

/// The same for the functions whose gradient is computed from their input.
@inlinable @inline(always)
func inputGradient<V: Vector>(
  _: V.Type, _ activation: Activation, _ gradient: UnsafePointer<Float>,
  _ value: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, count: Int
) {
  let alpha = V(repeating: activation.alpha)
  let beta = V(repeating: activation.beta)
  let zero = V.zeros
  let one = V(repeating: 1)
  let half = V(repeating: 0.5)
  switch activation.function {
  case .silu:
    combine(gradient, output, count, value) { (g: V, x: V) in
      let s = Kernel.sigmoid(x)
      return g * (s + x * s * (one - s))
    }
  case .gelu:
    // Φ(x) + x φ(x).
    let (root, density) = (V(repeating: 0.707_106_781), V(repeating: 0.398_942_280))
    combine(gradient, output, count, value) { (g: V, x: V) in
      g * (half * (one + errorFunction(x * root)) + x * density * exponential(-(half * x * x)))
    }
  case .geluApproximate:
    let (factor, cubic) = (V(repeating: 0.797_884_561), V(repeating: 0.044_715))
    combine(gradient, output, count, value) { (g: V, x: V) in
      let t = hyperbolicTangent(factor * (x + cubic * x * x * x))
      let slope = factor * (one + V(repeating: 3) * cubic * x * x)
      return g * (half * (one + t) + half * x * (one - t * t) * slope)
    }
  case .mish:
    combine(gradient, output, count, value) { (g: V, x: V) in
      let t = hyperbolicTangent(Kernel.softplus(x))
      return g * (t + x * (one - t * t) * Kernel.sigmoid(x))
    }
  case .hardSilu:
    let (three, sixth) = (V(repeating: 3), V(repeating: 1 / 6))
    combine(gradient, output, count, value) { (g: V, x: V) in
      (g * ((x + x) * sixth + half)).replaced(with: zero, whereAtMost: x, -three)
        .replaced(with: g, whereAtMost: three, x)
    }
  case .reluGeneral:
    let threshold = V(repeating: activation.gamma)
    combine(gradient, output, count, value) { (g: V, x: V) in
      g.replaced(with: zero, whereAtMost: beta, x).replaced(
        with: alpha * g, whereLess: x, than: threshold)
    }
  case .square: combine(gradient, output, count, value) { (g: V, x: V) in g * (x + x) }
  case .logarithm: combine(gradient, output, count, value) { (g: V, x: V) in g / x }
  case .sparsePlus:
    combine(gradient, output, count, value) { (g: V, x: V) in
      g * ((x + one) * half).clampedBelow(by: zero).clampedAbove(by: one)
    }
  case .squareplus:
    combine(gradient, output, count, value) { (g: V, x: V) in
      g * half * (one + x / (x * x + alpha).squareRoots())
    }
  case .tanhShrink:
    combine(gradient, output, count, value) { (g: V, x: V) in
      let t = hyperbolicTangent(x)
      return g * (t * t)
    }
  case .threshold:
    combine(gradient, output, count, value) { (g: V, x: V) in
      g.replaced(with: zero, whereAtMost: x, alpha)
    }
  case .power:
    combine(gradient, output, count, value) { (g: V, x: V) in
      g * alpha * Kernel.power(x, alpha - one)
    }
  case .error:
    let factor = V(repeating: 1.128_379_167)
    combine(gradient, output, count, value) { (g: V, x: V) in g * factor * exponential(-(x * x)) }
  case .absolute:
    combine(gradient, output, count, value) { (g: V, x: V) in
      g.replaced(with: zero, whereAtMost: x, zero).replaced(with: -g, whereLess: x, than: zero)
    }
  case .clip:
    combine(gradient, output, count, value) { (g: V, x: V) in
      g.replaced(with: zero, whereLess: x, than: alpha)
        .replaced(with: zero, whereLess: beta, than: x)
    }
  default: assertionFailure("the gradient of this function is not known")
  }
}
