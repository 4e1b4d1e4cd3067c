/// How gradients change weights: Keras's optimizers with their names, arguments and defaults.
///
/// A plain value that says what to compute; `step(_:)` gives what changes from one step to the next.
/// Gradients are clipped first; then weights decay, by `weightDecay` times the learning rate; then they
/// are changed as `Algorithm` says.
public struct Optimizer: Equatable, Sendable {
  /// The formula, for a weight w and its gradient g; rate is the learning rate.
  public enum Algorithm: Equatable, Sendable {
    /// w += −rate · g; with momentum m = momentum · m − rate · g, and w += m, or with Nesterov's
    /// look-ahead w += momentum · m − rate · g.
    case sgd(momentum: Double, nesterov: Bool)
    /// v = rho · v + (1 − rho) · g², and where centered a = rho · a + (1 − rho) · g;
    /// w −= rate · g / √(v − a² + epsilon), through a momentum m = momentum · m + … where there is one.
    case rmsprop(rho: Double, momentum: Double, epsilon: Double, centered: Bool)
    /// m += (g − m)(1 − beta1); v += (g² − v)(1 − beta2);
    /// w −= rate · √(1 − beta2ᵗ) / (1 − beta1ᵗ) · m / (√v + epsilon), with AMSGrad the largest v so far.
    case adam(beta1: Double, beta2: Double, epsilon: Double, amsgrad: Bool)
    /// Adam, whose weights decay by default.
    case adamW(beta1: Double, beta2: Double, epsilon: Double, amsgrad: Bool)
    /// a += g²; w −= rate · g / √(a + epsilon).
    case adagrad(initialAccumulatorValue: Double, epsilon: Double)
    /// a = rho · a + (1 − rho) · g²; d = −√(b + epsilon) / √(a + epsilon) · g;
    /// b = rho · b + (1 − rho) · d²; w += rate · d.
    case adadelta(rho: Double, epsilon: Double)
    /// Adam with Nesterov's look-ahead: see `Step`.
    case nadam(beta1: Double, beta2: Double, epsilon: Double)
  }

  /// What is done to gradients that are too large.
  public enum Clipping: Equatable, Sendable {
    /// The gradient of a weight is scaled to have at most this norm.
    case norm(Double)
    /// Each number of it is kept within ± this.
    case value(Double)
    /// The gradients of all weights are scaled together to have at most this norm.
    case globalNorm(Double)
  }

  public var algorithm: Algorithm
  public var learningRate: LearningRateSchedule
  /// The share of each weight, biases too, that a step with a learning rate of one takes away.
  public var weightDecay: Double?
  public var clipping: Clipping?

  public init(
    _ algorithm: Algorithm, learningRate: LearningRateSchedule, weightDecay: Double? = nil,
    clipping: Clipping? = nil
  ) {
    self.algorithm = algorithm
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.clipping = clipping
  }

  /// Gradient descent.
  public static func sgd(
    learningRate: LearningRateSchedule = 0.01, momentum: Double = 0, nesterov: Bool = false,
    weightDecay: Double? = nil, clipping: Clipping? = nil
  ) -> Optimizer {
    Optimizer(
      .sgd(momentum: momentum, nesterov: nesterov), learningRate: learningRate,
      weightDecay: weightDecay, clipping: clipping)
  }

  /// Steps divided by the root of a moving average of the squared gradients.
  public static func rmsprop(
    learningRate: LearningRateSchedule = 0.001, rho: Double = 0.9, momentum: Double = 0,
    epsilon: Double = 1e-7, centered: Bool = false, weightDecay: Double? = nil,
    clipping: Clipping? = nil
  ) -> Optimizer {
    Optimizer(
      .rmsprop(rho: rho, momentum: momentum, epsilon: epsilon, centered: centered),
      learningRate: learningRate, weightDecay: weightDecay, clipping: clipping)
  }

  /// Kingma and Ba, Adam: a method for stochastic optimization, 2014.
  public static func adam(
    learningRate: LearningRateSchedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, amsgrad: Bool = false, weightDecay: Double? = nil,
    clipping: Clipping? = nil
  ) -> Optimizer {
    Optimizer(
      .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad),
      learningRate: learningRate, weightDecay: weightDecay, clipping: clipping)
  }

  /// Loshchilov and Hutter, Decoupled weight decay regularization, 2019.
  public static func adamW(
    learningRate: LearningRateSchedule = 0.001, weightDecay: Double = 0.004, beta1: Double = 0.9,
    beta2: Double = 0.999, epsilon: Double = 1e-7, amsgrad: Bool = false,
    clipping: Clipping? = nil
  ) -> Optimizer {
    Optimizer(
      .adamW(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad),
      learningRate: learningRate, weightDecay: weightDecay, clipping: clipping)
  }

  /// Duchi, Hazan and Singer, Adaptive subgradient methods, 2011.
  public static func adagrad(
    learningRate: LearningRateSchedule = 0.001, initialAccumulatorValue: Double = 0.1,
    epsilon: Double = 1e-7, weightDecay: Double? = nil, clipping: Clipping? = nil
  ) -> Optimizer {
    Optimizer(
      .adagrad(initialAccumulatorValue: initialAccumulatorValue, epsilon: epsilon),
      learningRate: learningRate, weightDecay: weightDecay, clipping: clipping)
  }

  /// Zeiler, ADADELTA: an adaptive learning rate method, 2012.
  public static func adadelta(
    learningRate: LearningRateSchedule = 0.001, rho: Double = 0.95, epsilon: Double = 1e-7,
    weightDecay: Double? = nil, clipping: Clipping? = nil
  ) -> Optimizer {
    Optimizer(
      .adadelta(rho: rho, epsilon: epsilon), learningRate: learningRate,
      weightDecay: weightDecay, clipping: clipping)
  }

  /// Dozat, Incorporating Nesterov momentum into Adam, 2016.
  public static func nadam(
    learningRate: LearningRateSchedule = 0.001, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, weightDecay: Double? = nil, clipping: Clipping? = nil
  ) -> Optimizer {
    Optimizer(
      .nadam(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate,
      weightDecay: weightDecay, clipping: clipping)
  }
}
