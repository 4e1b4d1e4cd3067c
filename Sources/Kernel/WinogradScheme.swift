/// The transforms of one tile size, in one direction: of six vectors, or of the first four.
///
/// A tile of m outputs by a window of three is a product of polynomials that is evaluated at m + 1
/// points and at infinity; the points decide how large the rounding errors are.
@usableFromInline
protocol WinogradScheme {
  static var tile: Int { get }
  /// B' d.
  static func transformInput<V: Vector>(_ d: InlineArray<6, V>) -> InlineArray<6, V>
  /// A' m: as many as `tile` of the four are of use.
  static func transformOutput<V: Vector>(_ m: InlineArray<6, V>) -> InlineArray<4, V>
}

/// F(2, 3), by the points 0, 1 and -1.
@usableFromInline
enum Winograd2: WinogradScheme {
  @inlinable @inline(always)
  static var tile: Int { 2 }

  @inlinable @inline(always)
  static func transformInput<V: Vector>(_ d: InlineArray<6, V>) -> InlineArray<6, V> {
    var t = InlineArray<6, V>(repeating: .zeros)
    t[unchecked: 0] = d[unchecked: 0] - d[unchecked: 2]
    t[unchecked: 1] = d[unchecked: 1] + d[unchecked: 2]
    t[unchecked: 2] = d[unchecked: 2] - d[unchecked: 1]
    t[unchecked: 3] = d[unchecked: 1] - d[unchecked: 3]
    return t
  }

  @inlinable @inline(always)
  static func transformOutput<V: Vector>(_ m: InlineArray<6, V>) -> InlineArray<4, V> {
    var y = InlineArray<4, V>(repeating: .zeros)
    y[unchecked: 0] = m[unchecked: 0] + m[unchecked: 1] + m[unchecked: 2]
    y[unchecked: 1] = m[unchecked: 1] - m[unchecked: 2] - m[unchecked: 3]
    return y
  }
}

/// F(4, 3), by the points 0, ±√½ and ±√2, whose errors are a third of those of 0, ±1 and ±2.
@usableFromInline
enum Winograd4: WinogradScheme {
  @inlinable @inline(always)
  static var tile: Int { 4 }

  @inlinable @inline(always)
  static func transformInput<V: Vector>(_ d: InlineArray<6, V>) -> InlineArray<6, V> {
    let (d0, d1, d2) = (d[unchecked: 0], d[unchecked: 1], d[unchecked: 2])
    let (d3, d4, d5) = (d[unchecked: 3], d[unchecked: 4], d[unchecked: 5])
    let root = V(repeating: 1.414_213_562)
    let half = V(repeating: 0.707_106_781)
    let a = d4.fusedAddingProduct(d2, V(repeating: -2))
    let b = (root * d1).fusedAddingProduct(d3, -half)
    let c = d4.fusedAddingProduct(d2, V(repeating: -0.5))
    let e = (half * d1).fusedAddingProduct(d3, -root)
    var t = InlineArray<6, V>(repeating: .zeros)
    t[unchecked: 0] = (d0 + d4).fusedAddingProduct(d2, V(repeating: -2.5))
    t[unchecked: 1] = a - b
    t[unchecked: 2] = a + b
    t[unchecked: 3] = c - e
    t[unchecked: 4] = c + e
    t[unchecked: 5] = (d1 + d5).fusedAddingProduct(d3, V(repeating: -2.5))
    return t
  }

  @inlinable @inline(always)
  static func transformOutput<V: Vector>(_ m: InlineArray<6, V>) -> InlineArray<4, V> {
    let (m1, m2) = (m[unchecked: 1], m[unchecked: 2])
    let (m3, m4) = (m[unchecked: 3], m[unchecked: 4])
    let a = m1 + m2
    let b = m1 - m2
    let c = m3 + m4
    let e = m3 - m4
    var y = InlineArray<4, V>(repeating: .zeros)
    y[unchecked: 0] = m[unchecked: 0] + a + c
    y[unchecked: 1] = (V(repeating: 0.707_106_781) * b).fusedAddingProduct(
      e, V(repeating: 1.414_213_562))
    y[unchecked: 2] = (V(repeating: 0.5) * a).fusedAddingProduct(c, V(repeating: 2))
    y[unchecked: 3] = m[unchecked: 5].fusedAddingProduct(b, V(repeating: 0.353_553_391))
      .fusedAddingProduct(e, V(repeating: 2.828_427_125))
    return y
  }
}
