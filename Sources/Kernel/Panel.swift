/// The layout of packed weights: panels of 16 output channels, whatever the instruction set.
///
/// A convolution's kernel (height, width, in, out) is stored as `[group][panel][tap and in][16]`, the
/// last panel of a group filled with zeros. Sixteen floats are one cache line and one AVX-512
/// register, two AVX registers, four SSE registers: the same bytes serve them all, and a program does
/// not depend on the processor that it was made on.
public enum Panel {
  /// The number of output channels in a panel.
  @inlinable @inline(always)
  public static var width: Int { 16 }

  /// The number of panels that hold `channels` output channels.
  @inlinable @inline(always)
  public static func count(_ channels: Int) -> Int { (channels + 15) / 16 }
}
