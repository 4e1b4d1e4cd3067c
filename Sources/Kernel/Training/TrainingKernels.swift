/// The kernels that only training needs, of one instruction set.
///
/// Apart from `KernelTable`, so that what only infers need not be linked with them.
public struct TrainingKernels: Sendable {
  /// For each of the loops.
  private let weightGradient: @Sendable (WeightGradientArguments) -> Void
  private let listedWeightGradient: @Sendable (WeightGradientArguments) -> Void
  private let pooledWeightGradient: @Sendable (WeightGradientArguments) -> Void
  public let computeWinogradGradient: @Sendable (WinogradGradientArguments) -> Void
  public let computeDepthwiseGradient: @Sendable (DepthwiseGradientArguments) -> Void
  /// The activation, gradient, value, output, count.
  public let activationGradient:
    @Sendable (
      Activation, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
    ) -> Void
  /// Of what is pooled, the places, whether a ReLU follows.
  public let poolMaximumTracking:
    @Sendable (PoolingArguments, UnsafeMutablePointer<Float>, Bool) -> Void
  public let maximumPoolingGradient: @Sendable (PoolingGradientArguments) -> Void
  public let averagePoolingGradient: @Sendable (PoolingGradientArguments) -> Void
  /// Weights, output, inputs, outputs, tile, matrix, panels.
  public let transformPanels:
    @Sendable (
      UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int, Int, UnsafePointer<Float>,
      WorkRange
    ) -> Void
  public let turnPanels: @Sendable (TurningArguments, WorkRange) -> Void
  public let updateWeights: @Sendable (UpdateArguments) -> Void
  public let sumGradientSquares: @Sendable (UpdateArguments) -> Float
  public let dropValues: @Sendable (DropoutArguments) -> Void
  public let sumChannels: @Sendable (ChannelSumArguments) -> Void

  public init(
    weightGradient: @escaping @Sendable (WeightGradientArguments) -> Void,
    listedWeightGradient: @escaping @Sendable (WeightGradientArguments) -> Void,
    pooledWeightGradient: @escaping @Sendable (WeightGradientArguments) -> Void,
    computeWinogradGradient: @escaping @Sendable (WinogradGradientArguments) -> Void,
    computeDepthwiseGradient: @escaping @Sendable (DepthwiseGradientArguments) -> Void,
    activationGradient:
      @escaping @Sendable (
        Activation, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
      ) -> Void,
    poolMaximumTracking:
      @escaping @Sendable (PoolingArguments, UnsafeMutablePointer<Float>, Bool) -> Void,
    maximumPoolingGradient: @escaping @Sendable (PoolingGradientArguments) -> Void,
    averagePoolingGradient: @escaping @Sendable (PoolingGradientArguments) -> Void,
    transformPanels:
      @escaping @Sendable (
        UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int, Int, UnsafePointer<Float>,
        WorkRange
      ) -> Void,
    turnPanels: @escaping @Sendable (TurningArguments, WorkRange) -> Void,
    updateWeights: @escaping @Sendable (UpdateArguments) -> Void,
    sumGradientSquares: @escaping @Sendable (UpdateArguments) -> Float,
    dropValues: @escaping @Sendable (DropoutArguments) -> Void,
    sumChannels: @escaping @Sendable (ChannelSumArguments) -> Void
  ) {
    self.weightGradient = weightGradient
    self.listedWeightGradient = listedWeightGradient
    self.pooledWeightGradient = pooledWeightGradient
    self.computeWinogradGradient = computeWinogradGradient
    self.computeDepthwiseGradient = computeDepthwiseGradient
    self.activationGradient = activationGradient
    self.poolMaximumTracking = poolMaximumTracking
    self.maximumPoolingGradient = maximumPoolingGradient
    self.averagePoolingGradient = averagePoolingGradient
    self.transformPanels = transformPanels
    self.turnPanels = turnPanels
    self.updateWeights = updateWeights
    self.sumGradientSquares = sumGradientSquares
    self.dropValues = dropValues
    self.sumChannels = sumChannels
  }
  /// The gradient of a convolution's weights and bias, by the loop for its geometry.
  public func computeWeightGradient(_ arguments: WeightGradientArguments) {
    switch WeightGradient.loop(arguments) {
    case .neighboringRows: weightGradient(arguments)
    case .listedRows: listedWeightGradient(arguments)
    case .pooledRows: pooledWeightGradient(arguments)
    }
  }
}
