public import CProcessor

/// Where the inputs of a tile's neighbouring pixels are, as a processor addresses them best.
///
/// An x86 adds twice a stride to an address while it loads. Three pixels for each pointer then need no
/// arithmetic, where LLVM would compute each pixel's address from the one before, step after step on the ports
/// that multiply. Measured with AVX-512 and AVX2; with narrower vectors there is one pointer, and the compiler's choice,
/// which was 5 to 25 % quicker with those of the x86-64 baseline.
@usableFromInline
struct PixelSources<V: Vector, let pixels: Int> {
  /// Where the first pixel's next input is.
  @usableFromInline var first: UnsafePointer<Float>
  /// Those of every third pixel behind it: enough for the largest tile. By themselves, since LLVM keeps a first one
  /// beside others that nobody uses in a vector, out of which each step would have to take it.
  @usableFromInline var others: InlineArray<3, UnsafePointer<Float>>
  @usableFromInline let stride: Int

  @inlinable @inline(always)
  static var pixelsPerPointer: Int {
    V.count >= 8 ? 3 : pixels
  }

  @inlinable @inline(always)
  static var otherCount: Int { (pixels + pixelsPerPointer - 1) / pixelsPerPointer - 1 }

  /// Those of a first pixel and the ones behind it, each so many floats from the one before.
  @inlinable @inline(always)
  init(_ first: UnsafePointer<Float>, stride: Int) {
    assert(Self.otherCount <= 3)
    self.first = first
    others = InlineArray(repeating: first)
    self.stride = stride
    var index = 0
    while index < Self.otherCount {
      others[unchecked: index] = first + (index + 1) * Self.pixelsPerPointer * stride
      index += 1
    }
  }

  @inlinable @inline(always)
  subscript(pixel: Int) -> Float {
    let index = pixel / Self.pixelsPerPointer
    let pointer = index == 0 ? first : others[unchecked: index - 1]
    return pointer[pixel % Self.pixelsPerPointer * stride]
  }

  /// Moves each pixel on to its next input.
  @inlinable @inline(always)
  mutating func advance() {
    if Self.otherCount == 0 {
      first += 1
      return
    }
    first = cnn_kept_apart(first + 1)
    var index = 0
    while index < Self.otherCount {
      others[unchecked: index] = cnn_kept_apart(others[unchecked: index] + 1)
      index += 1
    }
  }
}
