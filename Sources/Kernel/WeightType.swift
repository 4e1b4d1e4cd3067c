/// As what a convolution's weights are stored; what is computed with are floats.
public enum WeightType: UInt32, Sendable {
  /// IEEE 754, 32 bits.
  case float32 = 0
  /// IEEE 754, 16 bits.
  case float16 = 1
  /// Whole numbers of 8 bits with a sign, in units of a step of each output channel, which the
  /// convolution's scale has in it.
  case int8 = 2

  /// The bytes of a weight.
  @inlinable
  public var size: Int {
    switch self {
    case .float32: 4
    case .float16: 2
    case .int8: 1
    }
  }
}
