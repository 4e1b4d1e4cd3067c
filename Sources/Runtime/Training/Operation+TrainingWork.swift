import Kernel

extension Operation {
  /// What an operation of training is for some pictures; see `work`.
  func trainingWork(pictures: Int, output: Int) -> OperationWork {
    let moved = pictures * output / 4
    switch kind {
    case .turning:
      return OperationWork(units: number(3) * Panel.count(number(1)), nanoseconds: output)
    case .winogradTransformation:
      return OperationWork(units: Panel.count(number(1)), nanoseconds: output / 2)
    case .weightGradient, .winogradWeightGradient:
      var geometry = window.geometry
      geometry.batch = pictures
      let products =
        geometry.outputCount * pictures * geometry.windowHeight * geometry.windowWidth
        * geometry.inputChannels / window.groups
      return OperationWork(
        units: WeightGradient.unitCount(geometry, window.groups, chunks: number(15)),
        nanoseconds: products / 80)
    case .depthwiseWeightGradient:
      let geometry = window.geometry
      return OperationWork(
        units: Panel.count(geometry.outputChannels),
        nanoseconds: pictures * geometry.outputCount * geometry.windowHeight
          * geometry.windowWidth / 4)
    case .depthwiseInputGradient, .maximumPoolingGradient, .averagePoolingGradient:
      return OperationWork(units: pictures, nanoseconds: 2 * moved)
    case .activationGradient:
      return OperationWork(units: pictures * output / 64, nanoseconds: 2 * moved)
    case .trackedMaximumPooling:
      let geometry = window.geometry
      return OperationWork(
        units: pictures * geometry.outputHeight,
        nanoseconds: moved * geometry.windowHeight * geometry.windowWidth)
    case .update: return OperationWork(units: Panel.count(output), nanoseconds: output)
    case .gradientSquares: return OperationWork(units: 1, nanoseconds: output)
    case .dropout: return OperationWork(units: pictures, nanoseconds: 8 * moved)
    case .loss, .lossGradient: return OperationWork(units: pictures, nanoseconds: 64 * moved)
    case .batchMoments, .batchGradient:
      // About the input, whose size is not known here: always worth sharing.
      return OperationWork(
        units: Panel.count(number(0)), nanoseconds: 1 << 20, partsPerThread: 1)
    default: return OperationWork(units: 1, nanoseconds: moved)
    }
  }
}
