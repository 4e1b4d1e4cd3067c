/// The logistic function 1 / (1 + e^-x) of each lane; at most 2.5 ULP off.
///
/// Computed as e^x / (1 + e^x) where x is negative, so that e^x never overflows and small results keep
/// their relative precision.
@inlinable
#if hasFeature(Embedded)  // Once, and small.
  @inline(never)
#else
  @inline(always)
#endif
public func sigmoid<V: Vector>(_ x: V) -> V {
  let one = V(repeating: 1)
  let e = exponential(-x.magnitudes)
  let numerator = one.replaced(with: e, whereLess: x, than: V.zeros)
  // NaN's magnitude is NaN, and so is the quotient.
  return numerator / (one + e)
}
