/// The error function of each lane; at most 1.5 ULP off.
///
/// Below 1 an odd polynomial; above it 1 - e^q(x), where q is a fit of log(erfc(x)) on 1…4, beyond
/// which the result is 1 in `Float`. Both are minimax fits of relative error below 2e-9. NaN stays NaN.
@inlinable
#if hasFeature(Embedded)  // Once, and small.
  @inline(never)
#else
  @inline(always)
#endif
public func errorFunction<V: Vector>(_ x: V) -> V {
  let square = x * x
  var p = V(repeating: 7.853_857_824e-5)
  p = V(repeating: -8.010_192_541e-4).fusedAddingProduct(p, square)
  p = V(repeating: 5.188_327_748e-3).fusedAddingProduct(p, square)
  p = V(repeating: -2.685_381_1e-2).fusedAddingProduct(p, square)
  p = V(repeating: 1.128_358_543e-1).fusedAddingProduct(p, square)
  p = V(repeating: -3.761_262_596e-1).fusedAddingProduct(p, square)
  p = V(repeating: 1.283_791_661e-1).fusedAddingProduct(p, square)
  let small = x.fusedAddingProduct(p, x)

  let magnitudes = x.magnitudes
  let bounded = magnitudes.clampedAbove(by: V(repeating: 4))
  var q = V(repeating: -2.169_768_777e-5)
  q = V(repeating: 4.414_735_595e-4).fusedAddingProduct(q, bounded)
  q = V(repeating: -4.205_289_297e-3).fusedAddingProduct(q, bounded)
  q = V(repeating: 2.521_035_261e-2).fusedAddingProduct(q, bounded)
  q = V(repeating: -1.084_221_229e-1).fusedAddingProduct(q, bounded)
  q = V(repeating: -6.332_163_811e-1).fusedAddingProduct(q, bounded)
  q = V(repeating: -1.129_580_379).fusedAddingProduct(q, bounded)
  q = V(repeating: 1.884_702_506e-4).fusedAddingProduct(q, bounded)
  let large = (V(repeating: 1) - exponential(q)).withSign(of: x)
  return large.replaced(with: small, whereLess: magnitudes, than: V(repeating: 1))
}
