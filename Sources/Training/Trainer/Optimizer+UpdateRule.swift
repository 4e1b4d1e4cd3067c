import Kernel
import Network

extension Optimizer {
  /// The kernels' rule for the algorithm.
  ///
  /// - Throws: `TrainingError`, where there is none.
  func updateRule() throws(TrainingError) -> UpdateRule {
    switch algorithm {
    case .sgd(let momentum, let nesterov):
      return momentum == 0 ? .descent : nesterov ? .nesterov : .momentum
    case .rmsprop(_, let momentum, _, let centered):
      guard !centered else { throw TrainingError("centered RMSprop is not trained with here") }
      return momentum > 0 ? .rmspropMomentum : .rmsprop
    case .adam(_, _, _, let amsgrad), .adamW(_, _, _, let amsgrad):
      guard !amsgrad else { throw TrainingError("AMSGrad is not trained with here") }
      return .adam
    case .adagrad: return .adagrad
    case .adadelta: return .adadelta
    case .nadam: return .nadam
    }
  }

  /// What the kernels take for a step; see `UpdateNumber`.
  ///
  /// - Throws: `TrainingError`, where gradients are to be clipped by a norm.
  func updateNumbers(_ iteration: Int) throws(TrainingError) -> [Float] {
    var numbers = [Float](repeating: 0, count: UpdateNumber.count)
    func set(_ number: UpdateNumber, _ value: Double) { numbers[number.rawValue] = Float(value) }
    let step = step(iteration)
    numbers[UpdateNumber.rate.rawValue] = step.rate
    numbers[UpdateNumber.decay.rawValue] = 1 - step.decay
    set(.scale, 1)
    switch clipping {
    case nil: set(.clip, .infinity)
    case .value(let limit)?: set(.clip, limit)
    default: throw TrainingError("gradients are not clipped by their norm here; take clipvalue")
    }
    switch algorithm {
    case .sgd(let momentum, _): set(.momentum, momentum)
    case .rmsprop(let rho, let momentum, let epsilon, _):
      set(.momentum, momentum)
      set(.secondKept, rho)
      set(.epsilon, epsilon)
    case .adam(let beta1, let beta2, let epsilon, _), .adamW(let beta1, let beta2, let epsilon, _):
      set(.firstKept, beta1)
      set(.secondKept, beta2)
      set(.epsilon, epsilon)
    case .adagrad(_, let epsilon): set(.epsilon, epsilon)
    case .adadelta(let rho, let epsilon):
      set(.secondKept, rho)
      set(.epsilon, epsilon)
    case .nadam(let beta1, let beta2, let epsilon):
      set(.firstKept, beta1)
      set(.secondKept, beta2)
      set(.epsilon, epsilon)
      set(.rate, 1)
      numbers[UpdateNumber.meanFactor.rawValue] = step.rate
      numbers[UpdateNumber.gradientFactor.rawValue] = step.gradientRate
      numbers[UpdateNumber.squareFactor.rawValue] = step.velocityScale
    }
    return numbers
  }
}

extension Loss {
  /// The kernels' function for the loss.
  var objective: TrainingProgram.Objective {
    let (ofLogits, ofProbabilities): (LossFunction, LossFunction)
    switch function {
    case .sparseCategoricalCrossentropy:
      (ofLogits, ofProbabilities) = (.sparseCrossEntropy, .sparseCrossEntropyOfProbabilities)
    case .categoricalCrossentropy:
      (ofLogits, ofProbabilities) = (.crossEntropy, .crossEntropyOfProbabilities)
    case .binaryCrossentropy:
      (ofLogits, ofProbabilities) = (.binaryCrossEntropy, .binaryCrossEntropyOfProbabilities)
    case .meanSquaredError: return TrainingProgram.Objective(.squaredError)
    case .meanAbsoluteError: return TrainingProgram.Objective(.absoluteError)
    case .huber: return TrainingProgram.Objective(.huber, parameter: Float(delta))
    }
    return TrainingProgram.Objective(
      fromLogits ? ofLogits : ofProbabilities, parameter: Float(labelSmoothing))
  }
}
