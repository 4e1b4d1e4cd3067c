/// e to the power of each lane; at most 1.5 ULP off.
///
/// With n the integer nearest to x/ln 2, e^x = 2^n · e^r for r = x - n·ln 2, |r| ≤ ln 2 / 2, which is
/// taken off in two parts so that it is exact. The polynomial is a minimax fit of relative error
/// 3.3e-9. 2^n is applied in two factors: together they reach the subnormal numbers, where the result
/// is rounded a second time, and infinity. NaN stays NaN.
@inlinable
#if hasFeature(Embedded)  // Once, and small.
  @inline(never)
#else
  @inline(always)
#endif
public func exponential<V: Vector>(_ x: V) -> V {
  let bounded = x.clampedBelow(by: V(repeating: -104)).clampedAbove(by: V(repeating: 89))
  let magic = V(repeating: 12_582_912)
  let n = magic.fusedAddingProduct(bounded, V(repeating: 1.442_695_04)) - magic
  let r =
    bounded
    .fusedAddingProduct(n, V(repeating: -0.693_359_375))
    .fusedAddingProduct(n, V(repeating: 2.121_944_417e-4))
  var p = V(repeating: 1.381_314_243e-3)
  p = V(repeating: 8.369_418_793e-3).fusedAddingProduct(p, r)
  p = V(repeating: 4.166_845_605e-2).fusedAddingProduct(p, r)
  p = V(repeating: 1.666_651_517e-1).fusedAddingProduct(p, r)
  p = V(repeating: 4.999_999_404e-1).fusedAddingProduct(p, r)
  p = V(repeating: 1) + r.fusedAddingProduct(p, r * r)
  let half = magic.fusedAddingProduct(n, V(repeating: 0.5))
  let otherHalf = magic + (n - (half - magic))
  return p * half.powerOfTwoOfLowBits * otherHalf.powerOfTwoOfLowBits
}
