import Training

/// Keras's optimizers, one number after the other in double precision.
struct OptimizerReference {
  let optimizer: Optimizer
  private var iteration = 0
  /// By weight, slot and element.
  private var slots: [[[Double]]] = []

  init(_ optimizer: Optimizer) { self.optimizer = optimizer }

  /// Changes weights by their gradients.
  mutating func apply(_ gradients: [[Double]], to weights: inout [[Double]]) {
    if slots.isEmpty {
      slots = weights.map { weight in
        optimizer.slots.map { Array(repeating: Double($0.initialValue), count: weight.count) }
      }
    }
    let step = optimizer.step(iteration)
    let gradients = clipped(gradients)
    for weight in weights.indices {
      for index in weights[weight].indices {
        var own = slots[weight].map { $0[index] }
        weights[weight][index] *= 1 - Double(step.decay)
        weights[weight][index] += change(gradients[weight][index], &own, step)
        for slot in own.indices { slots[weight][slot][index] = own[slot] }
      }
    }
    iteration += 1
  }

  private func clipped(_ gradients: [[Double]]) -> [[Double]] {
    func norm(_ values: [Double]) -> Double {
      values.map { $0 * $0 }.reduce(0, +).squareRoot()
    }
    switch optimizer.clipping {
    case nil: return gradients
    case .value(let limit)?: return gradients.map { $0.map { min(max($0, -limit), limit) } }
    case .norm(let limit)?:
      return gradients.map { gradient in
        let scale = limit / max(norm(gradient), limit)
        return gradient.map { $0 * scale }
      }
    case .globalNorm(let limit)?:
      let scale = limit / max(norm(gradients.flatMap { $0 }), limit)
      return gradients.map { $0.map { $0 * scale } }
    }
  }

  /// What is added to a weight.
  private func change(_ g: Double, _ slots: inout [Double], _ step: Optimizer.Step) -> Double {
    let rate = Double(step.rate)
    switch optimizer.algorithm {
    case .sgd(let momentum, let nesterov):
      if slots.isEmpty { return -rate * g }
      slots[0] = momentum * slots[0] - rate * g
      return nesterov ? momentum * slots[0] - rate * g : slots[0]
    case .rmsprop(let rho, let momentum, let epsilon, let centered):
      slots[0] = rho * slots[0] + (1 - rho) * g * g
      var variance = slots[0]
      if centered {
        let last = slots.count - 1
        slots[last] = rho * slots[last] + (1 - rho) * g
        variance -= slots[last] * slots[last]
      }
      let change = -rate * g / (variance + epsilon).squareRoot()
      if momentum == 0 { return change }
      slots[1] = momentum * slots[1] - change
      return -slots[1]
    case .adam(let beta1, let beta2, let epsilon, _), .adamW(let beta1, let beta2, let epsilon, _),
      .nadam(let beta1, let beta2, let epsilon):
      slots[0] += (g - slots[0]) * (1 - beta1)
      slots[1] += (g * g - slots[1]) * (1 - beta2)
      if slots.count == 3 { slots[2] = max(slots[2], slots[1]) }
      let variance = slots[slots.count - 1] * Double(step.velocityScale)
      return -(rate * slots[0] + Double(step.gradientRate) * g)
        / (variance.squareRoot() + epsilon)
    case .adagrad(_, let epsilon):
      slots[0] += g * g
      return -rate * g / (slots[0] + epsilon).squareRoot()
    case .adadelta(let rho, let epsilon):
      slots[0] = rho * slots[0] + (1 - rho) * g * g
      let change = -((slots[1] + epsilon) / (slots[0] + epsilon)).squareRoot() * g
      slots[1] = rho * slots[1] + (1 - rho) * change * change
      return rate * change
    }
  }
}
