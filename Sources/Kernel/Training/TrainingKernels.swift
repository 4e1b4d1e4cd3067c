/// The kernels that only training needs, of one instruction set.
///
/// Apart from `KernelTable`, so that what only infers need not be linked with them.
public struct TrainingKernels: Sendable {
  public let computeWeightGradient: @Sendable (WeightGradientArguments) -> Void
  public let computeDepthwiseGradient: @Sendable (DepthwiseGradientArguments) -> Void
  /// The activation, gradient, value, output, count.
  public let activationGradient:
    @Sendable (
      Activation, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
    ) -> Void
  public let findMaximumPlaces: @Sendable (PoolingArguments) -> Void
  public let maximumPoolingGradient: @Sendable (PoolingGradientArguments) -> Void
  public let averagePoolingGradient: @Sendable (PoolingGradientArguments) -> Void
  /// Weights, output, inputs, outputs, tile, matrix, panels.
  public let transformPanels:
    @Sendable (
      UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int, Int, UnsafePointer<Float>,
      WorkRange
    ) -> Void
  public let updateWeights: @Sendable (UpdateArguments) -> Void
  public let sumChannels: @Sendable (ChannelSumArguments) -> Void

  public init(
    computeWeightGradient: @escaping @Sendable (WeightGradientArguments) -> Void,
    computeDepthwiseGradient: @escaping @Sendable (DepthwiseGradientArguments) -> Void,
    activationGradient:
      @escaping @Sendable (
        Activation, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
      ) -> Void,
    findMaximumPlaces: @escaping @Sendable (PoolingArguments) -> Void,
    maximumPoolingGradient: @escaping @Sendable (PoolingGradientArguments) -> Void,
    averagePoolingGradient: @escaping @Sendable (PoolingGradientArguments) -> Void,
    transformPanels:
      @escaping @Sendable (
        UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int, Int, UnsafePointer<Float>,
        WorkRange
      ) -> Void,
    updateWeights: @escaping @Sendable (UpdateArguments) -> Void,
    sumChannels: @escaping @Sendable (ChannelSumArguments) -> Void
  ) {
    self.computeWeightGradient = computeWeightGradient
    self.computeDepthwiseGradient = computeDepthwiseGradient
    self.activationGradient = activationGradient
    self.findMaximumPlaces = findMaximumPlaces
    self.maximumPoolingGradient = maximumPoolingGradient
    self.averagePoolingGradient = averagePoolingGradient
    self.transformPanels = transformPanels
    self.updateWeights = updateWeights
    self.sumChannels = sumChannels
  }
}
