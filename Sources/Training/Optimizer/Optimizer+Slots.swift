extension Optimizer {
  /// An array that an optimizer keeps for each weight, of the weight's shape.
  public struct Slot: Equatable, Sendable {
    /// Keras 3's name: `momentum`, `velocity`.
    public var name: String
    /// What its elements begin with.
    public var initialValue: Float
    /// Keras 2's name, which is its folder in a file: `m`, `v`.
    public var keras2Name: String
    /// Whether Keras stores it in turn with the slot before it, weight by weight, rather than for all
    /// weights behind that.
    public var isWithPrevious: Bool
  }

  /// The arrays of each weight, in Keras's order; none of plain gradient descent.
  public var slots: [Slot] {
    func slot(
      _ name: String, _ keras2: String? = nil, from value: Double = 0, withPrevious: Bool = false
    ) -> Slot {
      Slot(
        name: name, initialValue: Float(value), keras2Name: keras2 ?? name,
        isWithPrevious: withPrevious)
    }
    switch algorithm {
    case .sgd(let momentum, _): return momentum == 0 ? [] : [slot("momentum", "m")]
    case .rmsprop(_, let momentum, _, let centered):
      return [slot("velocity")] + (momentum > 0 ? [slot("momentum")] : [])
        + (centered ? [slot("average_gradient")] : [])
    case .adam(_, _, _, let amsgrad), .adamW(_, _, _, let amsgrad):
      return [slot("momentum", "m"), slot("velocity", "v", withPrevious: true)]
        + (amsgrad ? [slot("velocity_hat", "vhat")] : [])
    case .adagrad(let value, _): return [slot("accumulator", from: value)]
    case .adadelta:
      return [slot("accumulated_grad"), slot("accumulated_delta_var", withPrevious: true)]
    case .nadam: return [slot("momentum", "m"), slot("velocity", "v", withPrevious: true)]
    }
  }

  /// The arrays that Keras 2 has: of gradient descent always a momentum.
  public var keras2Slots: [Slot] {
    guard case .sgd(let momentum, let nesterov) = algorithm, momentum == 0 else { return slots }
    return Optimizer(
      .sgd(momentum: 1, nesterov: nesterov), learningRate: learningRate
    ).slots
  }

  /// The product of Nadam's momenta, which Keras 3 stores; nil of all others.
  public func momentumProduct(_ iterations: Int) -> Float? {
    guard case .nadam(let beta1, _, _) = algorithm else { return nil }
    return Float(Self.nadamProduct(beta1, steps: iterations))
  }
}
