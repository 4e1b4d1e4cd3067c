/// The natural logarithm of each positive, normal, finite lane; at most 1 ULP off.
///
/// With x = m·2^n, m in 0.75..<1.5, log x = n·ln 2 + log m; log(1 + t) = t - t²/2 + t³·p(t) with a
/// minimax fit of relative error 5e-9. The kernels never ask for another lane's logarithm.
@inlinable
#if hasFeature(Embedded)  // Once, and small.
  @inline(never)
#else
  @inline(always)
#endif
public func logarithm<V: Vector>(_ x: V) -> V {
  let (significand, exponent) = x.significandAndExponent
  let t = significand - V(repeating: 1)
  let square = t * t
  var p = V(repeating: -4.509_973_153e-2)
  p = V(repeating: 1.046_950_817e-1).fusedAddingProduct(p, t)
  p = V(repeating: -1.316_560_656e-1).fusedAddingProduct(p, t)
  p = V(repeating: 1.447_895_169e-1).fusedAddingProduct(p, t)
  p = V(repeating: -1.664_697_677e-1).fusedAddingProduct(p, t)
  p = V(repeating: 1.999_078_393e-1).fusedAddingProduct(p, t)
  p = V(repeating: -2.500_010_133e-1).fusedAddingProduct(p, t)
  p = V(repeating: 3.333_345_056e-1).fusedAddingProduct(p, t)
  let tail = (square * t * p).fusedAddingProduct(square, V(repeating: -0.5))
    .fusedAddingProduct(exponent, V(repeating: -2.121_944_417e-4))
  return (t + tail).fusedAddingProduct(exponent, V(repeating: 0.693_359_375))
}

/// log(1 + x) of each lane in 0…1; at most 1.5 ULP off.
///
/// The part of x that 1 + x rounds away is put back: log(1 + x) = log w + (x - (w - 1)) / w.
@inlinable
#if hasFeature(Embedded)  // Once, and small.
  @inline(never)
#else
  @inline(always)
#endif
public func logarithmOfOnePlus<V: Vector>(_ x: V) -> V {
  let one = V(repeating: 1)
  let w = one + x
  return logarithm(w) + (x - (w - one)) / w
}

/// log(1 + e^x) of each lane; at most 2 ULP off. Without overflow: max(x, 0) + log(1 + e^-|x|).
@inlinable
#if hasFeature(Embedded)  // Once, and small.
  @inline(never)
#else
  @inline(always)
#endif
public func softplus<V: Vector>(_ x: V) -> V {
  x.clampedBelow(by: .zeros) + logarithmOfOnePlus(exponential(-x.magnitudes))
}
