import Kernel

extension Executor {
  /// Executes a share of one of the operations that only training has.
  func train(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) {
    guard let kernels = kernels.training else {
      preconditionFailure("these kernels are without those of training")
    }
    let count = program.tensor(Int(operation.output)).count * part.count
    switch operation.kind {
    case .turning: turn(operation, share, input, output, kernels)
    case .winogradTransformation:
      let panels = share.of(Panel.count(operation.number(1)))
      kernels.transformPanels(
        input, output, operation.number(0), operation.number(1), operation.number(2),
        constants(operation.weights).unsafelyUnwrapped, panels)
    case .weightGradient: computeWeightGradient(operation, part, share, input, output, kernels)
    case .winogradWeightGradient:
      computeWinogradGradient(operation, part, share, input, output, kernels)
    case .depthwiseWeightGradient, .depthwiseInputGradient:
      computeDepthwiseGradient(operation, part, share, input, output, kernels)
    case .activationGradient:
      let range = share.of(count)
      kernels.activationGradient(
        operation.activation, input + range.lower, second(operation, part) + range.lower,
        output + range.lower, range.count)
    case .trackedMaximumPooling:
      guard let places = places(operation, part) else { return }
      var geometry = operation.window.geometry
      geometry.batch = part.count
      kernels.poolMaximumTracking(
        PoolingArguments(
          input: input, output: output, geometry: geometry,
          lines: share.of(part.count * geometry.outputHeight)), places,
        operation.activation.function == .relu)
    case .maximumPoolingGradient, .averagePoolingGradient:
      spreadPooling(operation, part, share, input, output, kernels)
    case .update: update(operation, part, share, input, output, kernels)
    case .gradientSquares:
      let weights = constants(operation.weights).map(UnsafeMutablePointer.init(mutating:))
      output[0] = kernels.sumGradientSquares(
        updateArguments(.descent, operation, weights.unsafelyUnwrapped, input, squares: nil))
    case .dropout: drop(operation, part, share, input, output, kernels)
    case .loss, .lossGradient: computeLoss(operation, part, share, input, output)
    case .batchMoments: findMoments(operation, part, share, input, output, kernels)
    case .batchGradient: findBatchGradient(operation, part, share, input, output, kernels)
    default: assertionFailure("not an operation of training")
    }
  }

  /// The places that a maximum pooling's results come from, where an operation has such a tensor.
  private func places(_ operation: Operation, _ part: Part) -> UnsafeMutablePointer<Float>? {
    operation.places.map { pointer(program.tensor($0), part) }
  }

  private func turn(
    _ operation: Operation, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ kernels: TrainingKernels
  ) {
    let (inputs, groups) = (operation.number(1), operation.number(3))
    kernels.turnPanels(
      TurningArguments(
        weights: input, output: output, taps: operation.number(0), inputs: inputs,
        outputs: operation.number(2), groups: groups),
      share.of(groups * Panel.count(inputs)))
  }

  /// Where the gradients of weights and bias are for a part's chunk, or for the first where there is none.
  private func chunkSums(
    _ operation: Operation, _ part: Part, _ output: UnsafeMutablePointer<Float>
  ) -> (weights: UnsafeMutablePointer<Float>, biases: UnsafeMutablePointer<Float>?) {
    let window = operation.window
    let chunk = part.chunk ?? 0
    let weights = program.tensor(Int(operation.output)).count / operation.number(15)
    let biases =
      window.groups * Panel.count(window.geometry.outputChannels / window.groups) * Panel.width
    return (
      output + chunk * weights,
      constants(operation.bias).map { UnsafeMutablePointer(mutating: $0) + chunk * biases }
    )
  }

  private func computeWeightGradient(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ kernels: TrainingKernels
  ) {
    var geometry = operation.window.geometry
    geometry.batch = part.count
    let groups = operation.window.groups
    let chunks = operation.number(15)
    let sums = chunkSums(operation, part, output)
    var arguments = WeightGradientArguments(
      input: input, outputGradient: second(operation, part), gradient: sums.weights,
      biasGradient: sums.biases,
      geometry: geometry, groups: groups, chunks: chunks, scratch: scratch(share.thread))
    arguments.places = places(operation, part).map { UnsafePointer($0) }
    if part.chunk != nil {
      arguments.chunks = 1
      arguments.adds = !part.beginsChunk
    }
    arguments.units = share.of(
      WeightGradient.unitCount(geometry, groups, chunks: arguments.chunks))
    kernels.computeWeightGradient(arguments)
  }

  private func computeWinogradGradient(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ kernels: TrainingKernels
  ) {
    guard let matrix = constants(operation.scale) else { return }
    var geometry = operation.window.geometry
    geometry.batch = part.count
    let sums = chunkSums(operation, part, output)
    kernels.computeWinogradGradient(
      WinogradGradientArguments(
        input: input, outputGradient: second(operation, part),
        gradient: sums.weights, biasGradient: sums.biases,
        geometry: geometry, matrix: matrix, adds: !part.beginsChunk,
        scratch: scratch(share.thread)))
  }

  private func computeDepthwiseGradient(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ kernels: TrainingKernels
  ) {
    var geometry = operation.window.geometry
    geometry.batch = part.count
    let isOfInput = operation.kind == .depthwiseInputGradient
    let panels = share.of(Panel.count(geometry.outputChannels))
    let last = panels.upper * Panel.width
    let channels = WorkRange(
      min(panels.lower * Panel.width, geometry.outputChannels), min(last, geometry.outputChannels))
    kernels.computeDepthwiseGradient(
      DepthwiseGradientArguments(
        input: input, outputGradient: isOfInput ? input : second(operation, part),
        weights: isOfInput ? constants(operation.weights) : nil, gradient: output,
        biasGradient: constants(operation.bias).map(UnsafeMutablePointer.init(mutating:)),
        geometry: geometry, range: isOfInput ? share.of(part.count) : channels))
  }

  private func spreadPooling(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ kernels: TrainingKernels
  ) {
    var geometry = operation.window.geometry
    let pictures = share.of(part.count)
    geometry.batch = pictures.count
    let isMaximum = operation.kind == .maximumPoolingGradient
    let arguments = PoolingGradientArguments(
      gradient: input + pictures.lower * geometry.outputCount,
      places: isMaximum
        ? second(operation, part) + pictures.lower * geometry.outputCount : nil,
      output: output + pictures.lower * geometry.inputCount, geometry: geometry)
    if isMaximum {
      kernels.maximumPoolingGradient(arguments)
    } else {
      kernels.averagePoolingGradient(arguments)
    }
  }

  private func update(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ kernels: TrainingKernels
  ) {
    guard let rule = UpdateRule(rawValue: operation.numbers[0]) else { return }
    let squares = operation.secondInput == Operation.none ? nil : second(operation, part)
    var arguments = updateArguments(rule, operation, output, input, squares: squares)
    // Whole panels, so that no two threads share a line of the cache.
    let panels = share.of(Panel.count(program.tensor(Int(operation.output)).count))
    let first = panels.lower * Panel.width
    func slot(_ offset: UInt64) -> UnsafeMutablePointer<Float> {
      constants(offset).map { UnsafeMutablePointer(mutating: $0) + first } ?? output + first
    }
    arguments.weights += first
    arguments.gradient += first
    arguments.firstSlot = slot(operation.weights)
    arguments.secondSlot = slot(operation.bias)
    arguments.thirdSlot = slot(operation.shift)
    arguments.count = panels.count * Panel.width
    kernels.updateWeights(arguments)
  }

  /// A variable with its gradient, all of it; without slots.
  private func updateArguments(
    _ rule: UpdateRule, _ operation: Operation, _ weights: UnsafeMutablePointer<Float>,
    _ gradient: UnsafePointer<Float>, squares: UnsafePointer<Float>?
  ) -> UpdateArguments {
    UpdateArguments(
      rule: rule, weights: weights, gradient: gradient, firstSlot: weights, secondSlot: weights,
      thirdSlot: weights, squares: squares,
      numbers: constants(operation.scale).unsafelyUnwrapped,
      count: Panel.count(program.tensor(Int(operation.input)).count) * Panel.width)
  }

  private func drop(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ kernels: TrainingKernels
  ) {
    let seed = UnsafeRawPointer(constants(operation.weights).unsafelyUnwrapped)
      .loadUnaligned(as: UInt64.self)
    let (positions, channels) = (operation.number(1), operation.number(2))
    let pictures = share.of(part.count)
    let offset = pictures.lower * positions * channels
    kernels.dropValues(
      DropoutArguments(
        input: input + offset, output: output + offset, rate: operation.activation.alpha,
        key: mixed(seed &+ UInt64(operation.numbers[0]) << 32),
        firstPicture: part.first + pictures.lower, pictures: pictures.count,
        positions: positions, channels: channels, isSpatial: operation.number(3) != 0))
  }

  private func computeLoss(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) {
    guard let function = LossFunction(rawValue: operation.numbers[0]) else { return }
    let (rows, classes) = (operation.number(1), operation.number(2))
    let weights = pointer(program.tensor(operation.number(3)), part)
    let pictures = share.of(part.count)
    let first = pictures.lower
    let isGradient = operation.kind == .lossGradient
    Kernel.computeLoss(
      LossArguments(
        function: function, parameter: operation.activation.alpha,
        outputs: input + first * rows * classes,
        targets: second(operation, part) + first * rows * (function.isSparse ? 1 : classes),
        weights: weights + first, gradient: isGradient ? output + first * rows * classes : nil,
        losses: isGradient ? nil : output + first, pictures: pictures.count, rows: rows,
        classes: classes))
  }
}
