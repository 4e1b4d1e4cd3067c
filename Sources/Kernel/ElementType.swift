/// As what weights, or the values between operations, are stored; what is computed with are floats.
public enum ElementType: UInt32, Sendable {
  /// IEEE 754, 32 bits.
  case float32 = 0
  /// IEEE 754, 16 bits: of weights.
  case float16 = 1
  /// Whole numbers of 8 bits with a sign, in units of a step: of weights, a step of each output channel, which
  /// the convolution's scale has in it; of values one step for all.
  case int8 = 2
  /// The same without a sign: of values that are never negative.
  case uint8 = 3

  /// The bytes of a number.
  @inlinable
  public var size: Int {
    switch self {
    case .float32: 4
    case .float16: 2
    case .int8, .uint8: 1
    }
  }
}
