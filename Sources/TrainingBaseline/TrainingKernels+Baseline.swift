import Kernel

private typealias Lanes = SIMD4<Float>

// Not made by a function generic over the vector: see `KernelTable`.
extension TrainingKernels {
  /// The kernels for what every processor of the architecture has.
  public static func baseline() -> TrainingKernels {
    TrainingKernels(
      weightGradient: { Kernel.computeWeightGradient(Lanes.self, $0, .neighboringRows) },
      listedWeightGradient: { Kernel.computeWeightGradient(Lanes.self, $0, .listedRows) },
      pooledWeightGradient: {
        Kernel.computeWeightGradient(Lanes.self, $0, .pooledRows)
      },
      computeWinogradGradient: { Kernel.computeWinogradGradient(Lanes.self, $0) },
      computeDepthwiseGradient: { Kernel.computeDepthwiseGradient(Lanes.self, $0) },
      activationGradient: { Kernel.activationGradient(Lanes.self, $0, $1, $2, $3, count: $4) },
      poolMaximumTracking: {
        Kernel.poolMaximumTracking(Lanes.self, $0, places: $1, rectifies: $2)
      },
      maximumPoolingGradient: { Kernel.maximumPoolingGradient(Lanes.self, $0) },
      averagePoolingGradient: { Kernel.averagePoolingGradient(Lanes.self, $0) },
      transformPanels: {
        Kernel.transformPanels(
          Lanes.self, $0, $1, inputs: $2, outputs: $3, tile: $4, $5, panels: $6)
      },
      turnPanels: { Kernel.turnPanels($0, panels: $1) },
      updateWeights: { Kernel.updateWeights(Lanes.self, $0) },
      sumGradientSquares: { Kernel.sumGradientSquares(Lanes.self, $0) },
      dropValues: { Kernel.dropValues(Lanes.self, $0) },
      sumChannels: { Kernel.sumChannels(Lanes.self, $0) })
  }
}
