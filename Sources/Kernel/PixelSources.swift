public import CProcessor

/// Where the inputs of a tile's neighbouring pixels are, as a processor addresses them best: pixels of one line, or
/// as many of each of two.
///
/// An x86 adds twice a stride to an address while it loads. Three pixels for each pointer then need no
/// arithmetic, where LLVM would compute each pixel's address from the one before, step after step on the ports
/// that multiply. Measured with AVX-512 and AVX2; with narrower vectors there is one pointer, and the compiler's
/// choice, which was 5 to 25 % quicker with those of the x86-64 baseline.
@usableFromInline
struct PixelSources<V: Vector, let lines: Int, let pixels: Int> {
  /// Where the first pixel's next input is.
  @usableFromInline var first: UnsafePointer<Float>
  /// Those of every third pixel behind it, and of the other line's: enough for the largest tile. By themselves, since
  /// LLVM keeps a first one beside others that nobody uses in a vector, out of which each step would have to take it.
  @usableFromInline var others: InlineArray<3, UnsafePointer<Float>>
  @usableFromInline let stride: Int

  @inlinable @inline(always)
  static var pixelsPerPointer: Int {
    V.count >= 8 ? 3 : pixels / lines
  }

  @inlinable @inline(always)
  static var pointersPerLine: Int { (pixels / lines + pixelsPerPointer - 1) / pixelsPerPointer }

  @inlinable @inline(always)
  static var otherCount: Int { lines * pointersPerLine - 1 }

  /// Those of a first pixel and the ones behind it, each so many floats from the one before, and of the same ones of
  /// the line below, which is `lineStride` floats away.
  @inlinable @inline(always)
  init(_ first: UnsafePointer<Float>, stride: Int, lineStride: Int) {
    assert(Self.otherCount <= 3 && pixels % lines == 0)
    self.first = first
    others = InlineArray(repeating: first)
    self.stride = stride
    var index = 0
    while index < Self.otherCount {
      let (line, pointer) = (
        (index + 1) / Self.pointersPerLine, (index + 1) % Self.pointersPerLine
      )
      others[unchecked: index] =
        first + (line * lineStride + pointer * Self.pixelsPerPointer * stride)
      index += 1
    }
  }

  /// The next input of a pixel, counted line by line.
  @inlinable @inline(always)
  subscript(pixel: Int) -> Float {
    let (line, column) = (pixel / (pixels / lines), pixel % (pixels / lines))
    let index = line * Self.pointersPerLine + column / Self.pixelsPerPointer
    let pointer = index == 0 ? first : others[unchecked: index - 1]
    return pointer[column % Self.pixelsPerPointer * stride]
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
