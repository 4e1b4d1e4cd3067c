public import CProcessor

/// Where the inputs of a tile's neighbouring pixels are, as a processor addresses them best.
///
/// An x86 adds twice a stride to an address while it loads. Three pixels for each pointer then need no
/// arithmetic, where LLVM would compute each pixel's address from the one before, step after step on the ports
/// that multiply. Measured with AVX-512; elsewhere there is one pointer, and the compiler's choice.
@usableFromInline
struct PixelSources<V: Vector, let pixels: Int> {
  /// Enough for the twelve pixels of the largest tile.
  @usableFromInline var pointers: InlineArray<4, UnsafePointer<Float>>
  @usableFromInline let stride: Int

  @inlinable @inline(always)
  static var pixelsPerPointer: Int {
    V.registers == 32 && V.count == Panel.width ? 3 : pixels
  }

  @inlinable @inline(always)
  static var pointerCount: Int { (pixels + pixelsPerPointer - 1) / pixelsPerPointer }

  /// Those of a first pixel and the ones behind it, each so many floats from the one before.
  @inlinable @inline(always)
  init(_ first: UnsafePointer<Float>, stride: Int) {
    assert(Self.pointerCount <= 4)
    pointers = InlineArray(repeating: first)
    self.stride = stride
    var index = 1
    while index < Self.pointerCount {
      pointers[unchecked: index] = first + index * Self.pixelsPerPointer * stride
      index += 1
    }
  }

  @inlinable @inline(always)
  var first: UnsafePointer<Float> { pointers[unchecked: 0] }

  @inlinable @inline(always)
  subscript(pixel: Int) -> Float {
    pointers[unchecked: pixel / Self.pixelsPerPointer][pixel % Self.pixelsPerPointer * stride]
  }

  /// Moves each pixel on to its next input.
  @inlinable @inline(always)
  mutating func advance() {
    if Self.pointerCount == 1 {
      pointers[unchecked: 0] += 1
      return
    }
    var index = 0
    while index < Self.pointerCount {
      pointers[unchecked: index] = cnn_kept_apart(pointers[unchecked: index] + 1)
      index += 1
    }
  }
}
