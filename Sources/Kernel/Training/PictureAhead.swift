public import CProcessor

/// The next picture that a weight gradient reads, which is asked for while one is worked on.
///
/// The forward pass wrote it: with a large batch it comes from memory, and what is read tap by tap no processor looks
/// that far ahead in by itself. Behind the last picture of a call is mostly the first of the next one; any address
/// will do, since nothing is read.
@usableFromInline
struct PictureAhead {
  @usableFromInline var next: UnsafePointer<Float>
  @usableFromInline let perStep: Int

  /// - Parameter steps: In how many steps it is asked for; none is never asked for.
  @inlinable @inline(always)
  init(_ first: UnsafePointer<Float>, count: Int, steps: Int) {
    next = first
    perStep = steps > 0 ? (count + steps - 1) / steps : 0
  }

  /// Asks for a step's part.
  @inlinable @inline(always)
  mutating func ask() {
    var index = 0
    while index < perStep {
      cnn_prefetch(next + index)
      index += Panel.width
    }
    next += perStep
  }
}
