import Kernel

/// Batch normalisation by the batch's own moments; see Ioffe and Szegedy, Batch Normalization, 2015.
extension Executor {
  /// The moments of some channels, and the scale and shift that normalise by them; the moving ones move on.
  func findMoments(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ kernels: TrainingKernels
  ) {
    let channels = operation.number(0)
    let padded = Panel.count(channels) * Panel.width
    let range = channelRange(share, channels)
    let pixels = program.tensor(Int(operation.input)).count / channels * part.count
    let (mean, variance) = (output, output + padded)
    let (scale, shift) = (output + 2 * padded, output + 3 * padded)
    kernels.sumChannels(
      ChannelSumArguments(
        first: input, second: nil, center: nil, output: mean, pixels: pixels, channels: channels,
        range: range))
    for channel in range.lower..<range.upper { mean[channel] /= Float(pixels) }
    kernels.sumChannels(
      ChannelSumArguments(
        first: input, second: input, center: mean, output: variance, pixels: pixels,
        channels: channels, range: range))
    let (gamma, beta) = (constants(operation.weights), constants(operation.bias))
    let momentum = operation.activation.beta
    let movingMean = constants(operation.scale).map(UnsafeMutablePointer.init(mutating:))
    let movingVariance = constants(operation.shift).map(UnsafeMutablePointer.init(mutating:))
    for channel in range.lower..<range.upper {
      variance[channel] /= Float(pixels)
      let factor =
        (gamma?[channel] ?? 1) / (variance[channel] + operation.activation.alpha).squareRoot()
      scale[channel] = factor
      shift[channel] = (beta?[channel] ?? 0) - mean[channel] * factor
      if let movingMean, let movingVariance {
        movingMean[channel] += (mean[channel] - movingMean[channel]) * (1 - momentum)
        movingVariance[channel] += (variance[channel] - movingVariance[channel]) * (1 - momentum)
      }
    }
  }

  /// The gradients of γ and β of some channels, and the factors of the input's gradient:
  /// γ/σ · (g - mean(g) - (x - μ)/σ² · mean(g · (x - μ))).
  func findBatchGradient(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ kernels: TrainingKernels
  ) {
    let channels = operation.number(0)
    let padded = Panel.count(channels) * Panel.width
    let range = channelRange(share, channels)
    let pixels = program.tensor(Int(operation.input)).count / channels * part.count
    let moments = constants(operation.weights).unsafelyUnwrapped
    let (mean, variance) = (moments, moments + padded)
    let (ofGamma, ofBeta) = (output, output + padded)
    kernels.sumChannels(
      ChannelSumArguments(
        first: input, second: nil, center: nil, output: ofBeta, pixels: pixels, channels: channels,
        range: range))
    kernels.sumChannels(
      ChannelSumArguments(
        first: input, second: second(operation, part), center: mean, output: ofGamma,
        pixels: pixels, channels: channels, range: range))
    let gamma = constants(operation.bias)
    let factors = output + 2 * padded
    for channel in range.lower..<range.upper {
      let deviation = (variance[channel] + operation.activation.alpha).squareRoot()
      let product = ofGamma[channel]
      ofGamma[channel] = product / deviation
      let factor = (gamma?[channel] ?? 1) / deviation
      let slope = -factor * product / (deviation * deviation * Float(pixels))
      factors[channel] = factor
      factors[padded + channel] = slope
      factors[2 * padded + channel] =
        -factor * ofBeta[channel] / Float(pixels) - slope * mean[channel]
    }
  }

  /// The channels of a share: whole panels.
  private func channelRange(_ share: Share, _ channels: Int) -> WorkRange {
    let panels = share.of(Panel.count(channels))
    return WorkRange(
      min(panels.lower * Panel.width, channels), min(panels.upper * Panel.width, channels))
  }
}
