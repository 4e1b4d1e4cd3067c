/// The rules by which weights are changed, by the numbers that a program stores; the formulas are Keras's.
public enum UpdateRule: UInt32, CaseIterable, Sendable {
  /// w -= rate · g.
  case descent = 0
  /// v = momentum · v - rate · g, w += v.
  case momentum = 1
  /// v = momentum · v - rate · g, w += momentum · v - rate · g.
  case nesterov = 2
  case rmsprop = 3
  /// RMSprop whose steps have a momentum.
  case rmspropMomentum = 4
  /// Adam; the rate has the corrections of the moments' bias in it.
  case adam = 5
  case adagrad = 6
  case adadelta = 7
  case nadam = 8
  /// Adam by the largest mean of the squares so far.
  case amsgrad = 9
  /// RMSprop by the variance of the gradients, whose mean is a slot, too: the last one.
  case rmspropCentered = 10
  case rmspropCenteredMomentum = 11

  /// The arrays that the rule keeps for each weight, beside it.
  public var slotCount: Int {
    switch self {
    case .descent: 0
    case .momentum, .nesterov, .rmsprop, .adagrad: 1
    case .rmspropMomentum, .adam, .adadelta, .nadam, .rmspropCentered: 2
    case .amsgrad, .rmspropCenteredMomentum: 3
    }
  }
}

/// The numbers of a step, by their places in an array of `count` floats.
public enum UpdateNumber: Int, CaseIterable, Sendable {
  case rate = 0
  /// What each weight is multiplied by before the step: one less the decay.
  case decay = 1
  case momentum = 2
  /// How much of a new gradient goes into their mean.
  case firstTaken = 3
  /// How much of the old mean of the squares is kept.
  case secondKept = 4
  case epsilon = 5
  /// What gradients are cut off at, infinity for none.
  case clip = 6
  /// Factors of a rule's own: Nadam's of the mean, of the gradient and of the squares.
  case meanFactor = 7
  case gradientFactor = 8
  case squareFactor = 9
  /// What gradients are multiplied by first.
  case scale = 10
  /// Factors of the weights' signs and of the weights that are added to gradients: regularisers' gradients.
  case lasso = 11
  case ridge = 12
  /// The norm that gradients are scaled down to where theirs is larger.
  case norm = 13
  /// How much of a new square goes into their mean: one less what is kept, which single precision does not
  /// give of 0.999.
  case secondTaken = 14

  public static var count: Int { 16 }
}

/// What one step changes.
public struct UpdateArguments {
  public var rule: UpdateRule
  public var weights: UnsafeMutablePointer<Float>
  public var gradient: UnsafePointer<Float>
  public var firstSlot: UnsafeMutablePointer<Float>
  public var secondSlot: UnsafeMutablePointer<Float>
  public var thirdSlot: UnsafeMutablePointer<Float>
  /// The sum of the squares of all that is clipped together; nil where no norm is looked at.
  public var squares: UnsafePointer<Float>?
  /// See `UpdateNumber`.
  public var numbers: UnsafePointer<Float>
  /// A multiple of 16; what is beyond the weights is zero and stays so.
  public var count: Int

  /// - Parameters:
  ///   - firstSlot: Any memory where the rule has none, as the others.
  @inlinable
  public init(
    rule: UpdateRule, weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    firstSlot: UnsafeMutablePointer<Float>, secondSlot: UnsafeMutablePointer<Float>,
    thirdSlot: UnsafeMutablePointer<Float>, squares: UnsafePointer<Float>?,
    numbers: UnsafePointer<Float>, count: Int
  ) {
    self.rule = rule
    self.weights = weights
    self.gradient = gradient
    self.firstSlot = firstSlot
    self.secondSlot = secondSlot
    self.thirdSlot = thirdSlot
    self.squares = squares
    self.numbers = numbers
    self.count = count
  }
}

/// Changes weights by one step of an optimiser.
@inlinable @inline(always)
public func updateWeights<V: Vector>(_: V.Type, _ arguments: UpdateArguments) {
  func number(_ place: UpdateNumber) -> V { V(repeating: arguments.numbers[place.rawValue]) }
  let (rate, momentum, epsilon) = (number(.rate), number(.momentum), number(.epsilon))
  let (newFirst, newSecond) = (number(.firstTaken), number(.secondTaken))
  let second = number(.secondKept)
  switch arguments.rule {
  case .descent:
    update(arguments) { (w: V, g: V, m: V, v: V) in (w - rate * g, m, v) }
  case .momentum:
    update(arguments) { (w: V, g: V, m: V, v: V) in
      let step = momentum * m - rate * g
      return (w + step, step, v)
    }
  case .nesterov:
    update(arguments) { (w: V, g: V, m: V, v: V) in
      let step = momentum * m - rate * g
      return (w + (momentum * step - rate * g), step, v)
    }
  case .rmsprop:
    update(arguments) { (w: V, g: V, m: V, v: V) in
      let mean = second * m + newSecond * (g * g)
      return (w - rate * g / (mean + epsilon).approximateSquareRoots(), mean, v)
    }
  case .rmspropMomentum:
    update(arguments) { (w: V, g: V, m: V, v: V) in
      let mean = second * m + newSecond * (g * g)
      let step = momentum * v + rate * g / (mean + epsilon).approximateSquareRoots()
      return (w - step, mean, step)
    }
  case .adam:
    update(arguments) { (w: V, g: V, m: V, v: V) in
      let mean = m + (g - m) * newFirst
      let square = v + (g * g - v) * newSecond
      return (w - mean * rate / (square.approximateSquareRoots() + epsilon), mean, square)
    }
  case .amsgrad:
    update(arguments) { (w: V, g: V, m: V, v: V, most: V) in
      let mean = m + (g - m) * newFirst
      let square = v + (g * g - v) * newSecond
      let largest = square.maximum(most)
      let step = mean * rate / (largest.approximateSquareRoots() + epsilon)
      return (w - step, mean, square, largest)
    }
  case .rmspropCentered:
    update(arguments) { (w: V, g: V, m: V, a: V) in
      let square = second * m + newSecond * (g * g)
      let mean = second * a + newSecond * g
      // Rounding may leave less than nothing of the variance.
      let variance = (square - mean * mean).clampedBelow(by: .zeros)
      return (w - rate * g / (variance + epsilon).approximateSquareRoots(), square, mean)
    }
  case .rmspropCenteredMomentum:
    update(arguments) { (w: V, g: V, m: V, v: V, a: V) in
      let square = second * m + newSecond * (g * g)
      let mean = second * a + newSecond * g
      let variance = (square - mean * mean).clampedBelow(by: .zeros)
      let step = momentum * v + rate * g / (variance + epsilon).approximateSquareRoots()
      return (w - step, square, step, mean)
    }
  case .adagrad:
    update(arguments) { (w: V, g: V, m: V, v: V) in
      let sum = m + g * g
      return (w - rate * g / (sum + epsilon).approximateSquareRoots(), sum, v)
    }
  case .adadelta:
    update(arguments) { (w: V, g: V, m: V, v: V) in
      let square = second * m + newSecond * (g * g)
      let step =
        (v + epsilon).approximateSquareRoots() * g / (square + epsilon).approximateSquareRoots()
      return (w - rate * step, square, second * v + newSecond * (step * step))
    }
  case .nadam:
    let (ofMean, ofGradient) = (number(.meanFactor), number(.gradientFactor))
    let ofSquare = number(.squareFactor)
    update(arguments) { (w: V, g: V, m: V, v: V) in
      let mean = m + (g - m) * newFirst
      let square = v + (g * g - v) * newSecond
      let step = ofMean * mean + ofGradient * g
      return (
        w - rate * step / ((ofSquare * square).approximateSquareRoots() + epsilon), mean, square
      )
    }
  }
}

/// Goes through the weights; `body` makes of a weight, its gradient and its slots the new weight and slots.
@inlinable @inline(always)
func update<V: Vector>(
  _ arguments: UpdateArguments, _ body: (V, V, V, V) -> (V, V, V)
) {
  update(arguments) { (w: V, g: V, m: V, v: V, third: V) in
    let (weight, first, second) = body(w, g, m, v)
    return (weight, first, second, third)
  }
}

/// The same of rules with three slots.
@inlinable @inline(always)
func update<V: Vector>(
  _ arguments: UpdateArguments, _ body: (V, V, V, V, V) -> (V, V, V, V)
) {
  func number(_ place: UpdateNumber) -> V { V(repeating: arguments.numbers[place.rawValue]) }
  let (decay, clip) = (number(.decay), number(.clip))
  let shrink = V(repeating: arguments.shrinkage)
  let slots = arguments.rule.slotCount
  var i = 0
  while i < arguments.count {
    let w = V.load(arguments.weights + i)
    var g = arguments.gradient(at: i, of: w) * shrink
    g = g.clampedBelow(by: -clip).clampedAbove(by: clip)
    let m = slots > 0 ? V.load(arguments.firstSlot + i) : .zeros
    let v = slots > 1 ? V.load(arguments.secondSlot + i) : .zeros
    let most = slots > 2 ? V.load(arguments.thirdSlot + i) : .zeros
    let (weight, first, second, third) = body(w * decay, g, m, v, most)
    weight.store(arguments.weights + i)
    if slots > 0 { first.store(arguments.firstSlot + i) }
    if slots > 1 { second.store(arguments.secondSlot + i) }
    if slots > 2 { third.store(arguments.thirdSlot + i) }
    i += V.count
  }
}

extension UpdateArguments {
  /// The gradients of some weights, with those of their regularisers.
  @inlinable @inline(always)
  func gradient<V: Vector>(at i: Int, of w: V) -> V {
    func number(_ place: UpdateNumber) -> V { V(repeating: numbers[place.rawValue]) }
    let g = V.load(gradient + i) * number(.scale) + number(.ridge) * w
    // The sign of zero is zero: the lasso's pull ends there.
    return g
      + number(.lasso).withSign(of: w).replaced(with: .zeros, whereAtMost: w.magnitudes, .zeros)
  }

  /// What gradients are multiplied by so that their norm is at most the number `norm`.
  @inlinable
  var shrinkage: Float {
    guard let squares else { return 1 }
    let (norm, limit) = (squares[0].squareRoot(), numbers[UpdateNumber.norm.rawValue])
    return norm > limit ? limit / norm : 1
  }
}

/// The sum of the squares of a variable's gradient, with its regulariser's; changes nothing.
///
/// In sums of 64 vectors that are added up, so that the error of many is small.
@inlinable @inline(always)
public func sumGradientSquares<V: Vector>(_: V.Type, _ arguments: UpdateArguments) -> Float {
  var total = V.zeros
  var i = 0
  while i < arguments.count {
    let left = arguments.count - i
    let end = i + (left < 64 * V.count ? left : 64 * V.count)
    var part = V.zeros
    while i < end {
      let g: V = arguments.gradient(at: i, of: V.load(arguments.weights + i))
      part = part + g * g
      i += V.count
    }
    total = total + part
  }
  var lanes = InlineArray<16, Float>(repeating: 0)
  return withUnsafeMutableBytes(of: &lanes) { bytes in
    let values = bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Float.self)
    total.store(values)
    var sum: Float = 0
    for lane in 0..<V.count { sum += values[lane] }
    return sum
  }
}
