/// Weights that are asked for while others are computed with.
///
/// A slice of a large layer's weights comes from the third cache or from memory, and no processor looks that
/// far ahead by itself: the first tile of each slice would wait for all of them. Asked for a little with every
/// step of the slice before, they are in the second cache when their turn comes, and memory works while sums
/// are added up.
@usableFromInline
struct WeightsAhead {
  /// Any address will do: nothing is read.
  @usableFromInline var first: UnsafePointer<Float>
  /// The floats that each tile gets further.
  @usableFromInline let perTile: Int
  /// The floats that each step of a tile gets further.
  @usableFromInline let perStep: Int

  /// The same line again and again, which is there.
  @inlinable @inline(always)
  init(none weights: UnsafePointer<Float>) {
    first = weights
    perTile = 0
    perStep = 0
  }

  /// `count` weights, spread over so many tiles of so many steps.
  @inlinable @inline(always)
  init(_ first: UnsafePointer<Float>, count: Int, tiles: Int, steps: Int) {
    self.first = first
    perTile = count / tiles
    perStep = (perTile + steps - 1) / steps
  }

  @inlinable @inline(always)
  mutating func advance(_ tiles: Int) { first += tiles * perTile }

  /// Whether a tile asks for any: with as many multiply-adds a step as large layers' tiles have, one more
  /// address costs nothing. Small tiles have none to hide it behind, and small layers' weights are in the cache.
  @inlinable @inline(always)
  static func isAsked<V: Vector>(_: V.Type, pixels: Int, vectors: Int) -> Bool {
    isUsed(V.self) && vectors > 2 && pixels * vectors >= 16
  }

  /// Whether an instruction set's tiles ask for any: those of 512 bits, where memory falls behind first.
  @inlinable @inline(always)
  static func isUsed<V: Vector>(_: V.Type) -> Bool {
    V.registers == 32 && V.count == Panel.width
  }
}
