/// Applies an activation to `count` values; `input` and `output` may be the same memory.
@inlinable @inline(always)
public func activate<V: Vector>(
  _: V.Type, _ activation: Activation, _ input: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, count: Int
) {
  let alpha = V(repeating: activation.alpha)
  let beta = V(repeating: activation.beta)
  let gamma = V(repeating: activation.gamma)
  let zero = V.zeros
  let one = V(repeating: 1)
  let half = V(repeating: 0.5)

  // The choice is made once, outside the loop: each case is a loop of its own.
  switch activation.function {
  case .linear:
    map(input, output, count) { (x: V) in x }
  case .relu:
    map(input, output, count) { (x: V) in x.clampedBelow(by: zero) }
  case .reluBounded:
    map(input, output, count) { (x: V) in x.clampedBelow(by: zero).clampedAbove(by: alpha) }
  case .reluGeneral:
    map(input, output, count) { (x: V) in
      x.clampedAbove(by: beta).replaced(with: alpha * (x - gamma), whereLess: x, than: gamma)
    }
  case .leakyRelu:
    map(input, output, count) { (x: V) in x.replaced(with: alpha * x, whereLess: x, than: zero) }
  case .elu:
    map(input, output, count) { (x: V) in
      x.replaced(with: alpha * exponentialMinusOne(x), whereLess: x, than: zero)
    }
  case .selu:
    map(input, output, count) { (x: V) in
      beta * x.replaced(with: alpha * exponentialMinusOne(x), whereLess: x, than: zero)
    }
  case .celu:
    map(input, output, count) { (x: V) in
      x.replaced(with: alpha * exponentialMinusOne(x / alpha), whereLess: x, than: zero)
    }
  case .exponential:
    map(input, output, count) { (x: V) in Kernel.exponential(x) }
  case .gelu:
    let root = V(repeating: 0.707_106_781)
    map(input, output, count) { (x: V) in half * x * (one + errorFunction(x * root)) }
  case .geluApproximate:
    let factor = V(repeating: 0.797_884_561)
    let cubic = V(repeating: 0.044_715)
    map(input, output, count) { (x: V) in
      half * x * (one + hyperbolicTangent(factor * x.fusedAddingProduct(cubic, x * x * x)))
    }
  case .hardSigmoid:
    map(input, output, count) { (x: V) in unitClamped(beta.fusedAddingProduct(alpha, x)) }
  case .hardSilu:
    let sixth = V(repeating: 1 / 6)
    map(input, output, count) { (x: V) in x * unitClamped(half.fusedAddingProduct(sixth, x)) }
  case .hardTanh:
    map(input, output, count) { (x: V) in x.clampedBelow(by: -one).clampedAbove(by: one) }
  case .hardShrink:
    map(input, output, count) { (x: V) in x.replaced(with: zero, whereAtMost: x.magnitudes, alpha) }
  case .logSigmoid:
    map(input, output, count) { (x: V) in -Kernel.softplus(-x) }
  case .mish:
    map(input, output, count) { (x: V) in x * hyperbolicTangent(Kernel.softplus(x)) }
  case .sigmoid:
    map(input, output, count) { (x: V) in Kernel.sigmoid(x) }
  case .silu:
    map(input, output, count) { (x: V) in x * Kernel.sigmoid(x) }
  case .softShrink:
    map(input, output, count) { (x: V) in
      (x - alpha.withSign(of: x)).replaced(with: zero, whereAtMost: x.magnitudes, alpha)
    }
  case .softplus:
    map(input, output, count) { (x: V) in Kernel.softplus(x) }
  case .softsign:
    map(input, output, count) { (x: V) in x / (one + x.magnitudes) }
  case .sparsePlus:
    let quarter = V(repeating: 0.25)
    map(input, output, count) { (x: V) in
      let raised = x + one
      return (quarter * raised * raised).replaced(with: zero, whereAtMost: x, -one)
        .replaced(with: x, whereAtMost: one, x)
    }
  case .sparseSigmoid:
    map(input, output, count) { (x: V) in unitClamped(half.fusedAddingProduct(half, x)) }
  case .squareplus:
    map(input, output, count) { (x: V) in
      half * (x + alpha.fusedAddingProduct(x, x).squareRoots())
    }
  case .tanh:
    map(input, output, count) { (x: V) in hyperbolicTangent(x) }
  case .tanhShrink:
    map(input, output, count) { (x: V) in x - hyperbolicTangent(x) }
  case .threshold:
    map(input, output, count) { (x: V) in x.replaced(with: beta, whereAtMost: x, alpha) }
  default: applyFunction(V.self, activation, input, output, count: count)
  }
}

/// The functions that are no activations of Keras's, but operations of models.
@inlinable @inline(always)
func applyFunction<V: Vector>(
  _: V.Type, _ activation: Activation, _ input: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, count: Int
) {
  let alpha = V(repeating: activation.alpha)
  let beta = V(repeating: activation.beta)
  let zero = V.zeros
  let one = V(repeating: 1)
  switch activation.function {
  case .absolute: map(input, output, count) { (x: V) in x.magnitudes }
  case .negative: map(input, output, count) { (x: V) in -x }
  case .square: map(input, output, count) { (x: V) in x * x }
  case .squareRoot: map(input, output, count) { (x: V) in x.squareRoots() }
  case .reciprocalSquareRoot: map(input, output, count) { (x: V) in one / x.squareRoots() }
  case .reciprocal: map(input, output, count) { (x: V) in one / x }
  case .logarithm: map(input, output, count) { (x: V) in logarithmOfAny(x) }
  case .clip:
    map(input, output, count) { (x: V) in x.clampedBelow(by: alpha).clampedAbove(by: beta) }
  case .affine: map(input, output, count) { (x: V) in alpha * x + beta }
  case .power: map(input, output, count) { (x: V) in Kernel.power(x, alpha) }
  case .sign:
    map(input, output, count) { (x: V) in
      x.replaced(with: one, whereLess: zero, than: x).replaced(with: -one, whereLess: x, than: zero)
    }
  case .roundDown: map(input, output, count) { (x: V) in eachLane(x) { $0.rounded(.down) } }
  case .roundUp: map(input, output, count) { (x: V) in eachLane(x) { $0.rounded(.up) } }
  case .round:
    map(input, output, count) { (x: V) in eachLane(x) { $0.rounded(.toNearestOrEven) } }
  case .error: map(input, output, count) { (x: V) in errorFunction(x) }
  case .exponentialMinusOne:
    map(input, output, count) { (x: V) in
      (exponential(x) - one).replaced(
        with: Kernel.exponentialMinusOne(x), whereLess: x.magnitudes, than: V(repeating: 0.5))
    }
  default: assertionFailure("an activation of Keras's")
  }
}

/// The natural logarithm of any value: -∞ of zero, NaN of less.
@inlinable
#if hasFeature(Embedded)  // Once, and small.
  @inline(never)
#else
  @inline(always)
#endif
func logarithmOfAny<V: Vector>(_ x: V) -> V {
  var result = logarithm(x)
  var lane = 0
  while lane < V.count {
    let value = x[lane]
    // Subnormal values count as zero.
    if !(value >= .leastNormalMagnitude) {
      result[lane] = value < 0 || value.isNaN ? .nan : -.infinity
    } else if value == .infinity {
      result[lane] = .infinity
    }
    lane += 1
  }
  return result
}

@inlinable @inline(always)
func eachLane<V: Vector>(_ x: V, _ body: (Float) -> Float) -> V {
  var result = x
  var lane = 0
  while lane < V.count {
    result[lane] = body(x[lane])
    lane += 1
  }
  return result
}

/// The lanes brought into 0…1.
@inlinable @inline(always)
func unitClamped<V: Vector>(_ x: V) -> V {
  x.clampedBelow(by: .zeros).clampedAbove(by: V(repeating: 1))
}

/// e^x - 1 of the lanes that are negative; the others hold nothing of use.
///
/// Near zero e^x - 1 cancels: tanh keeps the digits, since e^x - 1 = 2t / (1 - t) for t = tanh(x/2).
@inlinable
#if hasFeature(Embedded)  // Once, and small.
  @inline(never)
#else
  @inline(always)
#endif
func exponentialMinusOne<V: Vector>(_ x: V) -> V {
  let one = V(repeating: 1)
  let t = hyperbolicTangent(x * V(repeating: 0.5))
  return (t + t) / (one - t)
}

/// Applies `body` to every value, a vector at a time, the last ones as part of a vector.
@inlinable @inline(always)
func map<V: Vector>(
  _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ count: Int,
  _ body: (V) -> V
) {
  assert(count >= 0)
  var i = 0
  while i + V.count <= count {
    body(V.load(input + i)).store(output + i)
    i += V.count
  }
  if i < count {
    let lanes = count - i
    body(V.load(input + i, lanes: lanes)).store(output + i, lanes: lanes)
  }
}
