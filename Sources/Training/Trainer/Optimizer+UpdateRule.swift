import Kernel
import Network

extension Optimizer {
  /// The kernels' rule for the algorithm.
  var updateRule: UpdateRule {
    switch algorithm {
    case .sgd(let momentum, let nesterov):
      momentum == 0 ? .descent : nesterov ? .nesterov : .momentum
    case .rmsprop(_, let momentum, _, centered: false):
      momentum > 0 ? .rmspropMomentum : .rmsprop
    case .rmsprop(_, let momentum, _, centered: true):
      momentum > 0 ? .rmspropCenteredMomentum : .rmspropCentered
    case .adam(_, _, _, let amsgrad), .adamW(_, _, _, let amsgrad): amsgrad ? .amsgrad : .adam
    case .adagrad: .adagrad
    case .adadelta: .adadelta
    case .nadam: .nadam
    }
  }

  /// The gradients whose norm is looked at together; nil for none.
  var normClipping: TrainingProgram.NormClipping? {
    switch clipping {
    case .norm?: .eachVariable
    case .globalNorm?: .allVariables
    case .value?, nil: nil
    }
  }

  /// What the kernels take for a step; see `UpdateNumber`.
  func updateNumbers(_ iteration: Int) -> [Float] {
    var numbers = [Float](repeating: 0, count: UpdateNumber.count)
    func set(_ number: UpdateNumber, _ value: Double) { numbers[number.rawValue] = Float(value) }
    func keep(first: Double = 0, second: Double) {
      set(.firstTaken, 1 - first)
      set(.secondKept, second)
      set(.secondTaken, 1 - second)
    }
    let step = step(iteration)
    numbers[UpdateNumber.rate.rawValue] = step.rate
    numbers[UpdateNumber.decay.rawValue] = 1 - step.decay
    set(.scale, 1)
    set(.clip, .infinity)
    switch clipping {
    case .value(let limit)? where limit > 0: set(.clip, limit)
    case .norm(let limit)?, .globalNorm(let limit)?:
      // As in Keras, a limit of zero is none.
      set(.norm, limit > 0 ? limit : .infinity)
    case .value?, nil: break
    }
    switch algorithm {
    case .sgd(let momentum, _): set(.momentum, momentum)
    case .rmsprop(let rho, let momentum, let epsilon, _):
      set(.momentum, momentum)
      keep(second: rho)
      set(.epsilon, epsilon)
    case .adam(let beta1, let beta2, let epsilon, _), .adamW(let beta1, let beta2, let epsilon, _):
      keep(first: beta1, second: beta2)
      set(.epsilon, epsilon)
    case .adagrad(_, let epsilon): set(.epsilon, epsilon)
    case .adadelta(let rho, let epsilon):
      keep(second: rho)
      set(.epsilon, epsilon)
    case .nadam(let beta1, let beta2, let epsilon):
      keep(first: beta1, second: beta2)
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
