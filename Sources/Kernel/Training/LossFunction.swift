/// What a network's outputs are compared by, by the numbers that a program stores.
public enum LossFunction: UInt32, CaseIterable, Sendable {
  /// Of logits, the target a class's number.
  case sparseCrossEntropy = 0
  /// Of logits, the target a probability for each class.
  case crossEntropy = 1
  /// Of logits, each by itself.
  case binaryCrossEntropy = 2
  /// The three of probabilities.
  case sparseCrossEntropyOfProbabilities = 3
  case crossEntropyOfProbabilities = 4
  case binaryCrossEntropyOfProbabilities = 5
  case squaredError = 6
  case absoluteError = 7
  /// Squared up to the parameter, absolute beyond.
  case huber = 8
  /// The sum of the outputs' products with the targets: its gradient is that of any weighted sum.
  case product = 9

  /// Whether a target is one number for all outputs.
  public var isSparse: Bool {
    self == .sparseCrossEntropy || self == .sparseCrossEntropyOfProbabilities
  }
}

/// What a loss reads and writes, for some pictures.
public struct LossArguments {
  public var function: LossFunction
  /// Label smoothing, or Huber's δ.
  public var parameter: Float
  /// The network's outputs: `pictures · rows · classes`.
  public var outputs: UnsafePointer<Float>
  /// As many targets, or one a row where the loss is sparse.
  public var targets: UnsafePointer<Float>
  /// What each picture's loss counts.
  public var weights: UnsafePointer<Float>
  /// The gradient of the sum of the weighted losses; nil where only losses are asked for.
  public var gradient: UnsafeMutablePointer<Float>?
  /// The loss of each picture, not weighted; nil where only gradients are asked for.
  public var losses: UnsafeMutablePointer<Float>?
  public var pictures: Int
  public var rows: Int
  public var classes: Int

  @inlinable
  public init(
    function: LossFunction, parameter: Float, outputs: UnsafePointer<Float>,
    targets: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>?, losses: UnsafeMutablePointer<Float>?, pictures: Int,
    rows: Int, classes: Int
  ) {
    self.function = function
    self.parameter = parameter
    self.outputs = outputs
    self.targets = targets
    self.weights = weights
    self.gradient = gradient
    self.losses = losses
    self.pictures = pictures
    self.rows = rows
    self.classes = classes
  }
}

/// The losses of some pictures and their gradients; a picture's loss is the mean of its rows'.
public func computeLoss(_ arguments: LossArguments) {
  let (rows, classes) = (arguments.rows, arguments.classes)
  let isSparse = arguments.function.isSparse
  var picture = 0
  while picture < arguments.pictures {
    let factor = arguments.weights[picture] / Float(rows)
    var sum: Float = 0
    var row = 0
    while row < rows {
      let at = picture * rows + row
      let line = LossRow(
        outputs: arguments.outputs + at * classes,
        targets: arguments.targets + at * (isSparse ? 1 : classes), classes: classes,
        gradient: arguments.gradient.map { $0 + at * classes }, factor: factor,
        parameter: arguments.parameter)
      sum += line.loss(arguments.function)
      row += 1
    }
    arguments.losses?[picture] = sum / Float(rows)
    picture += 1
  }
}

/// One row of outputs.
struct LossRow {
  let outputs: UnsafePointer<Float>
  let targets: UnsafePointer<Float>
  let classes: Int
  let gradient: UnsafeMutablePointer<Float>?
  /// What the gradient is multiplied by.
  let factor: Float
  let parameter: Float

  /// What Keras keeps probabilities from 0 and 1 by.
  private static var epsilon: Float { 1e-7 }

  /// The row's loss; its gradient is stored.
  func loss(_ function: LossFunction) -> Float {
    switch function {
    case .sparseCrossEntropy, .crossEntropy: crossEntropy(function)
    case .sparseCrossEntropyOfProbabilities, .crossEntropyOfProbabilities:
      crossEntropyOfProbabilities(function)
    case .product: sumOfProducts()
    default: meanOfClasses(function)
    }
  }

  /// A class's target.
  private func target(_ index: Int, _ function: LossFunction) -> Float {
    if function.isSparse { return Int(targets[0]) == index ? 1 : 0 }
    return targets[index] * (1 - parameter) + parameter / Float(classes)
  }

  private func crossEntropy(_ function: LossFunction) -> Float {
    var largest = -Float.infinity
    for index in 0..<classes where outputs[index] > largest { largest = outputs[index] }
    var sum: Float = 0
    eachExponential(largest) { (_, value) in sum += value }
    let logarithm = largest + logarithm(SIMD4(repeating: sum))[0]
    var loss: Float = 0
    var total: Float = 0
    for index in 0..<classes {
      let target = target(index, function)
      if target != 0 { loss += target * (logarithm - outputs[index]) }
      total += target
    }
    guard let gradient else { return loss }
    eachExponential(logarithm) { (index, probability) in
      gradient[index] = (probability * total - target(index, function)) * factor
    }
    return loss
  }

  /// Says of each class, in turn, what e to the power of its output less `offset` is; four are computed at once.
  private func eachExponential(_ offset: Float, _ body: (_ index: Int, _ value: Float) -> Void) {
    var index = 0
    while index < classes {
      let lanes = min(classes - index, SIMD4<Float>.scalarCount)
      let values = exponential(
        SIMD4<Float>.load(outputs + index, lanes: lanes) - SIMD4<Float>(repeating: offset))
      for lane in 0..<lanes { body(index + lane, values[lane]) }
      index += lanes
    }
  }

  /// As Keras: brought to a sum of one, kept from 0 and 1.
  private func crossEntropyOfProbabilities(_ function: LossFunction) -> Float {
    var sum: Float = 0
    for index in 0..<classes { sum += outputs[index] }
    // A sparse target's probabilities are taken as they are, brought to a sum by the softmax of logarithms.
    var loss: Float = 0
    var weighted: Float = 0
    for index in 0..<classes {
      let target = target(index, function)
      guard target != 0 else { continue }
      let share = outputs[index] / sum
      let kept = min(max(share, Self.epsilon), 1 - Self.epsilon)
      loss -= target * logarithm(SIMD4(repeating: kept))[0]
      if kept == share { weighted += target }
    }
    guard let gradient else { return loss }
    for index in 0..<classes {
      let share = outputs[index] / sum
      let isKept = share >= Self.epsilon && share <= 1 - Self.epsilon
      let own = isKept ? target(index, function) / outputs[index] : 0
      gradient[index] = (weighted / sum - own) * factor
    }
    return loss
  }

  private func sumOfProducts() -> Float {
    var sum: Float = 0
    for index in 0..<classes {
      sum += outputs[index] * targets[index]
      gradient?[index] = targets[index] * factor
    }
    return sum
  }

  private func meanOfClasses(_ function: LossFunction) -> Float {
    var sum: Float = 0
    for index in 0..<classes {
      let (value, slope) = elementLoss(function, outputs[index], targets[index])
      sum += value
      gradient?[index] = slope * factor / Float(classes)
    }
    return sum / Float(classes)
  }

  /// The loss of one output, and its slope.
  private func elementLoss(
    _ function: LossFunction, _ x: Float, _ target: Float
  ) -> (value: Float, slope: Float) {
    let difference = x - target
    switch function {
    case .binaryCrossEntropy:
      let y = target * (1 - parameter) + parameter / 2
      // max(x, 0) - xy + log(1 + e^-|x|).
      let value = (x > 0 ? x : 0) - x * y + softplus(SIMD4(repeating: -abs(x)))[0]
      return (value, sigmoid(SIMD4(repeating: x))[0] - y)
    case .binaryCrossEntropyOfProbabilities:
      let y = target * (1 - parameter) + parameter / 2
      let p = min(max(x, Self.epsilon), 1 - Self.epsilon)
      let value =
        -(y * logarithm(SIMD4(repeating: p))[0] + (1 - y) * logarithm(SIMD4(repeating: 1 - p))[0])
      return (value, p == x ? (1 - y) / (1 - p) - y / p : 0)
    case .absoluteError:
      return (abs(difference), difference > 0 ? 1 : difference < 0 ? -1 : 0)
    case .huber:
      let size = abs(difference)
      if size <= parameter { return (difference * difference / 2, difference) }
      return (parameter * (size - parameter / 2), difference > 0 ? parameter : -parameter)
    default: return (difference * difference, 2 * difference)
    }
  }
}
