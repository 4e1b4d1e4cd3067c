import Kernel

extension Program {
  /// Whether an operation of training reads and writes only its own memory.
  func isTraining(_ operation: Operation, _ input: Int, _ output: Int) -> Bool {
    let second =
      operation.secondInput == Operation.none ? 0 : tensor(Int(operation.secondInput)).count
    switch operation.kind {
    case .turning: return isTurning(operation, input, output)
    case .winogradTransformation:
      let (inputs, tile) = (operation.number(0), operation.number(2))
      let outputs = padded(operation.number(1))
      guard tile == 2 || tile == 4, isOfState(operation.input), isOfState(operation.output),
        product(9, inputs, outputs) == input
      else { return false }
      return product((tile + 2) * (tile + 2), inputs, outputs) == output
        && holds(operation.weights, 3 * (tile + 2))
    case .winogradWeightGradient:
      let window = operation.window
      return window.suitsWinograd && operation.weights == Operation.noConstant
        && holds(operation.scale, 18) && isWeightGradient(operation, input, second, output)
        && WinogradGradient.scratchCount(window.geometry) <= header.scratchSize / 4
    case .weightGradient, .depthwiseWeightGradient:
      return isWeightGradient(operation, input, second, output)
    case .depthwiseInputGradient:
      let geometry = operation.window.geometry
      let taps = product(
        geometry.windowHeight, geometry.windowWidth, padded(geometry.outputChannels))
      return isWindow(geometry, output, input) && isMultiple(geometry)
        && taps.map { holds(operation.weights, $0) } ?? false
    case .activationGradient:
      return input == output && second == output && !isOfState(operation.output)
    case .trackedConvolution:
      return isConvolution(operation, input, output, isDepthwise: false)
        && hasPlaces(operation, output) && operation.isPooled && operation.winogradTile == 0
        && operation.weightType == .float32 && operation.scale == Operation.noConstant
        && (operation.activation == .linear || operation.activation.function == .relu)
    case .trackedMaximumPooling:
      return isPooling(operation, input, output) && hasPlaces(operation, output)
        && (operation.activation == .linear || operation.activation.function == .relu)
    case .maximumPoolingGradient: return isPooling(operation, output, input) && second == input
    case .averagePoolingGradient: return isPooling(operation, output, input)
    case .update:
      guard let rule = UpdateRule(rawValue: operation.numbers[0]), isOfState(operation.input),
        isOfState(operation.output), input == output
      else { return false }
      return holds(operation.scale, UpdateNumber.count)
        && (rule.slotCount < 1 || holds(operation.weights, output))
        && (rule.slotCount < 2 || holds(operation.bias, output))
        && (rule.slotCount < 3 || holds(operation.shift, output))
        && (operation.secondInput == Operation.none || isOfState(operation.secondInput))
    case .gradientSquares:
      return isOfState(operation.input) && isOfState(operation.output) && output > 0
        && operation.weights != Operation.noConstant && holds(operation.weights, input)
        && holds(operation.scale, UpdateNumber.count)
    case .dropout:
      return input == output
        && product(operation.number(1), operation.number(2), 1) == output
        && (0..<1).contains(operation.activation.alpha) && holds(operation.weights, 2)
    case .loss, .lossGradient: return isLoss(operation, input, second, output)
    case .batchMoments:
      let channels = operation.number(0)
      return channels > 0 && input % channels == 0 && isOfState(operation.output)
        && output == 4 * padded(channels)
        && mayHold(operation.weights, channels) && mayHold(operation.bias, channels)
        && mayHold(operation.scale, channels) && mayHold(operation.shift, channels)
    case .batchGradient:
      let channels = operation.number(0)
      return channels > 0 && input % channels == 0 && input == second
        && isOfState(operation.output) && output == 5 * padded(channels)
        && holds(operation.weights, 4 * padded(channels))
        && mayHold(operation.bias, channels)
    default: return false
    }
  }

  /// Whether there is nothing, or enough.
  private func mayHold(_ offset: UInt64, _ count: Int) -> Bool {
    offset == Operation.noConstant || holds(offset, count)
  }

  /// Whether there is a tensor for as many places, with memory of its own.
  private func hasPlaces(_ operation: Operation, _ count: Int) -> Bool {
    guard let index = operation.places, index < header.tensorCount else { return false }
    let tensor = tensor(index)
    return tensor.count == count && tensor.placement != .band && tensor.placement != .state
      && tensor.placement != .part
  }

  private func isTurning(_ operation: Operation, _ input: Int, _ output: Int) -> Bool {
    let (taps, inputs) = (operation.number(0), operation.number(1))
    let (outputs, groups) = (operation.number(2), operation.number(3))
    guard taps > 0, inputs > 0, outputs > 0, groups > 0, isOfState(operation.input),
      isOfState(operation.output),
      let rows = product(taps, inputs, groups), let turned = product(taps, outputs, groups)
    else { return false }
    return product(rows, padded(outputs), 1) == input
      && product(turned, padded(inputs), 1) == output
  }

  private func isMultiple(_ geometry: WindowGeometry) -> Bool {
    geometry.inputChannels > 0 && geometry.outputChannels % geometry.inputChannels == 0
  }

  private func isPooling(_ operation: Operation, _ input: Int, _ output: Int) -> Bool {
    let geometry = operation.window.geometry
    return isWindow(geometry, input, output) && geometry.inputChannels == geometry.outputChannels
  }

  private func isWeightGradient(
    _ operation: Operation, _ input: Int, _ second: Int, _ output: Int
  ) -> Bool {
    let isDepthwise = operation.kind == .depthwiseWeightGradient
    let geometry = operation.window.geometry
    let groups = isDepthwise ? 1 : operation.window.groups
    let chunks = isDepthwise ? 1 : operation.number(15)
    let isPooled = !isDepthwise && operation.weights != Operation.noConstant
    let pooled = geometry.outputHeight / 2 * (geometry.outputWidth / 2) * geometry.outputChannels
    guard isWindow(geometry, input, isPooled ? nil : second),
      !isPooled || second == pooled && hasPlaces(operation, pooled),
      isOfState(operation.output), groups > 0, chunks > 0,
      geometry.inputChannels % groups == 0, geometry.outputChannels % groups == 0,
      !isPooled || WeightGradient.takesPlaces(geometry, groups: groups),
      !isDepthwise || isMultiple(geometry),
      let biases = product(chunks, groups, padded(geometry.outputChannels / groups)),
      let taps = product(geometry.windowHeight, geometry.windowWidth, 1),
      let weights = product(
        taps, isDepthwise ? 1 : geometry.inputChannels / groups, biases),
      isDepthwise
        || WeightGradient.scratchCount(geometry, groups: groups) <= header.scratchSize / 4
    else { return false }
    return weights == output
      && mayHold(operation.bias, biases)
  }

  private func isLoss(
    _ operation: Operation, _ input: Int, _ second: Int, _ output: Int
  ) -> Bool {
    let (rows, classes) = (operation.number(1), operation.number(2))
    guard let function = LossFunction(rawValue: operation.numbers[0]), rows > 0, classes > 0,
      product(rows, classes, 1) == input, second == (function.isSparse ? rows : input),
      operation.number(3) < header.tensorCount, !isOfState(operation.numbers[3]),
      tensor(operation.number(3)).count == 1, tensor(operation.number(3)).type == .float32,
      tensor(operation.number(3)).placement != .band,
      tensor(operation.number(3)).placement != .part
    else { return false }
    return output == (operation.kind == .loss ? 1 : input)
  }
}
