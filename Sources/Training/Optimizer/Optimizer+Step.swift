#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Optimizer {
  /// What an optimizer's formula has that is another number in each step, and the same for all weights.
  ///
  /// Adam, AdamW and Nadam are one formula in it:
  /// w −= (rate · m + gradientRate · g) / (√(velocityScale · v) + epsilon).
  public struct Step: Equatable, Sendable {
    /// The learning rate; of Adam with the corrections of the moments' bias.
    public var rate: Float
    /// What the gradient itself is multiplied by, for Nadam; otherwise 0.
    public var gradientRate: Float
    /// What the second moment is multiplied by, for Nadam; otherwise 1.
    public var velocityScale: Float
    /// The share of the weights that is taken away before they are changed; 0 for none.
    public var decay: Float

    /// The numbers in the order above.
    public var scalars: [Float] { [rate, gradientRate, velocityScale, decay] }
  }

  /// The numbers of a step.
  ///
  /// - Parameter iteration: How many steps there were before: the first is 0, as Keras counts.
  public func step(_ iteration: Int) -> Step {
    let rate = learningRate.rate(step: iteration)
    var step = Step(
      rate: Float(rate), gradientRate: 0, velocityScale: 1,
      decay: Float((weightDecay ?? 0) * rate))
    let time = Double(iteration + 1)
    switch algorithm {
    case .adam(let beta1, let beta2, _, _), .adamW(let beta1, let beta2, _, _):
      step.rate = Float(rate * (1 - pow(beta2, time)).squareRoot() / (1 - pow(beta1, time)))
    case .nadam(let beta1, let beta2, _):
      // The momentum grows from step to step; its product over all steps corrects the bias.
      let now = Self.nadamMomentum(beta1, step: iteration + 1)
      let next = Self.nadamMomentum(beta1, step: iteration + 2)
      let product = Self.nadamProduct(beta1, steps: iteration + 1)
      step.rate = Float(rate * next / (1 - product * next))
      step.gradientRate = Float(rate * (1 - now) / (1 - product))
      step.velocityScale = Float(1 / (1 - pow(beta2, time)))
    case .sgd, .rmsprop, .adagrad, .adadelta: break
    }
    return step
  }

  private static func nadamMomentum(_ beta1: Double, step: Int) -> Double {
    beta1 * (1 - 0.5 * pow(0.96, Double(step)))
  }

  /// The product of Nadam's momenta over the first steps, which Keras keeps as a variable.
  static func nadamProduct(_ beta1: Double, steps: Int) -> Double {
    var product = 1.0
    // Behind some hundreds of steps it is nothing.
    for step in stride(from: 1, through: steps, by: 1) where product > 0 {
      product *= nadamMomentum(beta1, step: step)
    }
    return product
  }
}
