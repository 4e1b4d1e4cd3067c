/// How convolutions are computed.
public enum ConvolutionAlgorithm: String, CaseIterable, Sendable {
  /// Whatever the cost model thinks is fastest.
  case automatic = "auto"
  /// Sums of products as they are defined, which round least.
  case direct
  /// Winograd's method wherever it is possible.
  case winograd
}
