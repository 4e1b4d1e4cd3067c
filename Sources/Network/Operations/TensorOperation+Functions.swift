import Kernel

extension TensorOperation {
  static let binaryFunctions: [String: BinaryFunction] = [
    "add": .addition, "subtract": .subtraction, "multiply": .multiplication, "divide": .division,
    "maximum": .maximum, "minimum": .minimum, "power": .power,
    "squareddifference": .squaredDifference,
  ]

  static let unaryFunctions: [String: Kernel.Activation] = [
    "relu": Activation(.relu), "sigmoid": Activation(.sigmoid), "tanh": Activation(.tanh),
    "exponential": Activation(.exponential), "log": Activation(.logarithm),
    "sqrt": Activation(.squareRoot), "rsqrt": Activation(.reciprocalSquareRoot),
    "square": Activation(.square), "absolute": Activation(.absolute),
    "negative": Activation(.negative), "silu": Activation(.silu), "sign": Activation(.sign),
    "round": Activation(.round), "rounddown": Activation(.roundDown),
    "roundup": Activation(.roundUp), "erf": Activation(.error),
    "reciprocal": Activation(.reciprocal), "expm1": Activation(.exponentialMinusOne),
  ]

  static let reductions: [String: Reduction] = [
    "reducemean": .mean, "reducesum": .sum, "reducemax": .maximum, "reducemin": .minimum,
    "reduceprod": .product,
  ]

  private typealias Activation = Kernel.Activation
}
