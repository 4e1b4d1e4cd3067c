/// The hyperbolic tangent of each lane; at most 1.5 ULP off.
///
/// Below 0.625 an odd polynomial, a minimax fit of relative error 4.4e-9; above it
/// 1 - 2 / (e^2|x| + 1), whose subtraction loses nothing there. NaN stays NaN.
@inlinable
#if hasFeature(Embedded)  // Once, and small.
  @inline(never)
#else
  @inline(always)
#endif
public func hyperbolicTangent<V: Vector>(_ x: V) -> V {
  let square = x * x
  var p = V(repeating: -5.704_978_481e-3)
  p = V(repeating: 2.063_907_869e-2).fusedAddingProduct(p, square)
  p = V(repeating: -5.373_971_164e-2).fusedAddingProduct(p, square)
  p = V(repeating: 1.333_144_158e-1).fusedAddingProduct(p, square)
  p = V(repeating: -3.333_328_068e-1).fusedAddingProduct(p, square)
  let small = x.fusedAddingProduct(p * square, x)
  let magnitudes = x.magnitudes
  let one = V(repeating: 1)
  let large = one - V(repeating: 2) / (exponential(magnitudes + magnitudes) + one)
  // The sign comes last: x + x · (negative zero) makes +0 of -0.
  return large.replaced(with: small, whereLess: magnitudes, than: V(repeating: 0.625))
    .withSign(of: x)
}
