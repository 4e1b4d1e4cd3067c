import Kernel

/// One direction of one of the convolutions that a transposed convolution is made of.
///
/// With a stride of s every s-th output sees the same taps: those at `phase`, `phase` + s and so on. They
/// are a convolution of stride 1 over the input, so that each output is summed up in registers and
/// written once, and nothing is scattered.
public struct TransposedPhase {
  /// The taps; one of zeros where a window is narrower than the stride and the phase has none.
  public let taps: Int
  /// The zeros before the input; negative where the sizes are not those of a transposed convolution.
  public let padding: Int
  /// The first output.
  public let first: Int
  /// The number of outputs.
  public let count: Int

  /// - Parameters:
  ///   - window: The window's size.
  ///   - padding: The outputs that would come before the first one.
  public init(phase: Int, window: Int, stride: Int, padding: Int, output: Int) {
    let taps = max((window - phase + stride - 1) / stride, 1)
    // Output stride · t + phase - padding sees inputs t - taps + 1 … t.
    let begin = padding > phase ? (padding - phase + stride - 1) / stride : 0
    self.taps = taps
    self.padding = taps - 1 - begin
    first = begin * stride + phase - padding
    count = first < output ? (output - 1 - first) / stride + 1 : 0
  }
}
