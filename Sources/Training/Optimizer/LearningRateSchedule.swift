#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The learning rate of each step, by Keras's formulas.
public enum LearningRateSchedule: Equatable, Sendable {
  /// The same for all steps.
  case constant(Double)
  /// `values[i]` up to and with step `boundaries[i]`, the last one behind all boundaries: Keras's
  /// `PiecewiseConstantDecay`.
  case piecewise(boundaries: [Int], values: [Double])
  /// initial · rate^(step / decaySteps); on a staircase the quotient is rounded down.
  case exponential(initial: Double, decaySteps: Int, rate: Double, staircase: Bool = false)
  /// initial / (1 + rate · step / decaySteps): what the argument `decay` of old optimizers meant.
  case inverseTime(initial: Double, decaySteps: Int, rate: Double, staircase: Bool = false)
  /// From `initial` along half a cosine to `alpha` times of it; where there is a warm-up, first from
  /// `initial` in a straight line to `warmupTarget`, from which the cosine then falls.
  case cosine(
    initial: Double, decaySteps: Int, alpha: Double = 0, warmupTarget: Double? = nil,
    warmupSteps: Int = 0)

  /// The learning rate of a step; the first is 0.
  public func rate(step: Int) -> Double {
    func quotient(_ count: Int, _ staircase: Bool) -> Double {
      let quotient = Double(step) / Double(count)
      return staircase ? quotient.rounded(.down) : quotient
    }
    switch self {
    case .constant(let rate): return rate
    case .piecewise(let boundaries, let values):
      return values[boundaries.firstIndex { step <= $0 } ?? values.count - 1]
    case .exponential(let initial, let count, let rate, let staircase):
      return initial * pow(rate, quotient(count, staircase))
    case .inverseTime(let initial, let count, let rate, let staircase):
      return initial / (1 + rate * quotient(count, staircase))
    case .cosine(let initial, let count, let alpha, let target, let warmup):
      guard let target else {
        return Self.cosine(initial, min(step, count), of: count, alpha)
      }
      if step < warmup { return initial + (target - initial) * quotient(warmup, false) }
      return Self.cosine(target, min(step - warmup, count), of: count, alpha)
    }
  }

  /// Whether it is the same for all steps.
  public var isConstant: Bool { if case .constant = self { true } else { false } }

  private static func cosine(_ from: Double, _ step: Int, of count: Int, _ alpha: Double) -> Double
  {
    let fallen = 0.5 * (1 + cos(.pi * Double(step) / Double(count)))
    return from * ((1 - alpha) * fallen + alpha)
  }
}

extension LearningRateSchedule: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral rate: Double) { self = .constant(rate) }
  public init(integerLiteral rate: Int) { self = .constant(Double(rate)) }
}
