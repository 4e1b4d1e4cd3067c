/// The one-dimensional transforms of Winograd's algorithm for one tile size; applied to rows, then to
/// columns, they make the two-dimensional ones.
///
/// A. Lavin, S. Gray, Fast Algorithms for Convolutional Neural Networks, 2015: the outputs of a tile
/// are `Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A`. The matrices follow from interpolation points: 0, pairs ±p, and
/// infinity. A line of `Bᵀ` are the coefficients of the product of (x - q) over the other finite
/// points q, a line of `A` the powers of p; `G`, which is applied in double precision when weights are
/// made, has what is left.
///
/// Of the points of F(4, 3) that were tried, those here had the smallest errors: a third of those of the
/// usual points 1 and 2.
///
/// Every line is a sum of its own, from the elements on. To share the even and the odd terms of a
/// pair's two lines would be fewer operations, but the standard library's arithmetic goes lane by
/// lane, and LLVM puts lanes of which a value is used twice together in vectors of four only.
@usableFromInline
protocol WinogradTransform {
  /// The outputs of a line; its inputs are two more.
  static var tile: Int { get }

  /// `Bᵀ d` of the first `tile + 2` elements.
  static func transformed<V: Vector>(input d: InlineArray<6, V>) -> InlineArray<6, V>

  /// `Aᵀ m` of the first `tile + 2` elements; the first `tile` elements.
  static func transformed<V: Vector>(product m: InlineArray<6, V>) -> InlineArray<4, V>
}

/// F(2, 3) by the points 0, ±1, ∞.
@usableFromInline
enum WinogradTransform2: WinogradTransform {
  @inlinable @inline(always)
  static var tile: Int { 2 }

  @inlinable @inline(always)
  static func transformed<V: Vector>(input d: InlineArray<6, V>) -> InlineArray<6, V> {
    var v = d
    v[unchecked: 0] = d[unchecked: 2] - d[unchecked: 0]
    v[unchecked: 1] = d[unchecked: 2] + d[unchecked: 1]
    v[unchecked: 2] = d[unchecked: 2] - d[unchecked: 1]
    v[unchecked: 3] = d[unchecked: 3] - d[unchecked: 1]
    return v
  }

  @inlinable @inline(always)
  static func transformed<V: Vector>(product m: InlineArray<6, V>) -> InlineArray<4, V> {
    var y = InlineArray<4, V>(repeating: V.zeros)
    y[unchecked: 0] = m[unchecked: 0] + (m[unchecked: 1] + m[unchecked: 2])
    y[unchecked: 1] = m[unchecked: 3] + (m[unchecked: 1] - m[unchecked: 2])
    return y
  }
}

/// F(4, 3) by the points 0, ±√½, ±√2, ∞.
@usableFromInline
enum WinogradTransform4: WinogradTransform {
  @inlinable @inline(always)
  static var tile: Int { 4 }

  @inlinable @inline(always)
  static func transformed<V: Vector>(input d: InlineArray<6, V>) -> InlineArray<6, V> {
    let (a, b): (Float, Float) = (0.707_106_781, 1.414_213_562)
    let sum = V(repeating: -(a * a + b * b))
    let product = V(repeating: a * a * b * b)
    var v = d
    v[unchecked: 0] = d[unchecked: 4].fusedAddingProduct(d[unchecked: 0], product)
      .fusedAddingProduct(d[unchecked: 2], sum)
    v[unchecked: 1] = d[unchecked: 4].fusedAddingProduct(d[unchecked: 2], V(repeating: -b * b))
      .fusedAddingProduct(d[unchecked: 3], V(repeating: a))
      .fusedAddingProduct(d[unchecked: 1], V(repeating: -a * b * b))
    v[unchecked: 2] = d[unchecked: 4].fusedAddingProduct(d[unchecked: 3], V(repeating: -a))
      .fusedAddingProduct(d[unchecked: 2], V(repeating: -b * b))
      .fusedAddingProduct(d[unchecked: 1], V(repeating: a * b * b))
    v[unchecked: 3] = d[unchecked: 4].fusedAddingProduct(d[unchecked: 2], V(repeating: -a * a))
      .fusedAddingProduct(d[unchecked: 3], V(repeating: b))
      .fusedAddingProduct(d[unchecked: 1], V(repeating: -b * a * a))
    v[unchecked: 4] = d[unchecked: 4].fusedAddingProduct(d[unchecked: 3], V(repeating: -b))
      .fusedAddingProduct(d[unchecked: 2], V(repeating: -a * a))
      .fusedAddingProduct(d[unchecked: 1], V(repeating: b * a * a))
    v[unchecked: 5] = d[unchecked: 5].fusedAddingProduct(d[unchecked: 1], product)
      .fusedAddingProduct(d[unchecked: 3], sum)
    return v
  }

  @inlinable @inline(always)
  static func transformed<V: Vector>(product m: InlineArray<6, V>) -> InlineArray<4, V> {
    let (a, b): (Float, Float) = (0.707_106_781, 1.414_213_562)
    var y = InlineArray<4, V>(repeating: V.zeros)
    y[unchecked: 0] =
      (m[unchecked: 1] + m[unchecked: 2]) + (m[unchecked: 3] + m[unchecked: 4]) + m[unchecked: 0]
    y[unchecked: 1] = (m[unchecked: 1] * V(repeating: a))
      .fusedAddingProduct(m[unchecked: 2], V(repeating: -a))
      .fusedAddingProduct(m[unchecked: 3], V(repeating: b))
      .fusedAddingProduct(m[unchecked: 4], V(repeating: -b))
    y[unchecked: 2] = (m[unchecked: 1] * V(repeating: a * a))
      .fusedAddingProduct(m[unchecked: 2], V(repeating: a * a))
      .fusedAddingProduct(m[unchecked: 3], V(repeating: b * b))
      .fusedAddingProduct(m[unchecked: 4], V(repeating: b * b))
    y[unchecked: 3] = m[unchecked: 5]
      .fusedAddingProduct(m[unchecked: 1], V(repeating: a * a * a))
      .fusedAddingProduct(m[unchecked: 2], V(repeating: -a * a * a))
      .fusedAddingProduct(m[unchecked: 3], V(repeating: b * b * b))
      .fusedAddingProduct(m[unchecked: 4], V(repeating: -b * b * b))
    return y
  }
}
