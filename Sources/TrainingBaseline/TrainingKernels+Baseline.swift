import Kernel

private typealias Lanes = SIMD4<Float>

// Not made by a function generic over the vector: see `KernelTable`.
extension TrainingKernels {
  /// The kernels for what every processor of the architecture has.
  public static func baseline() -> TrainingKernels {
    TrainingKernels(
      computeWeightGradient: { Kernel.computeWeightGradient(Lanes.self, $0) },
      computeDepthwiseGradient: { Kernel.computeDepthwiseGradient(Lanes.self, $0) },
      activationGradient: { Kernel.activationGradient(Lanes.self, $0, $1, $2, $3, count: $4) },
      findMaximumPlaces: { Kernel.findMaximumPlaces(Lanes.self, $0) },
      maximumPoolingGradient: { Kernel.maximumPoolingGradient(Lanes.self, $0) },
      averagePoolingGradient: { Kernel.averagePoolingGradient(Lanes.self, $0) },
      transformPanels: {
        Kernel.transformPanels(
          Lanes.self, $0, $1, inputs: $2, outputs: $3, tile: $4, $5, panels: $6)
      },
      updateWeights: { Kernel.updateWeights(Lanes.self, $0) },
      sumChannels: { Kernel.sumChannels(Lanes.self, $0) })
  }
}
