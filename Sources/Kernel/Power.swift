/// Each lane of `base` to the power of the same lane of `exponent`.
///
/// e^(b · log |a|), whose relative error grows with the result's logarithm: at most 2⁻²⁴ · |b · log a|
/// and a few ULP. A negative base takes whole exponents only, as in C.
@inlinable
#if hasFeature(Embedded)  // Once, and small.
  @inline(never)
#else
  @inline(always)
#endif
public func power<V: Vector>(_ base: V, _ exponent: V) -> V {
  var result = exponential(exponent * logarithm(base.magnitudes))
  var lane = 0
  while lane < V.count {
    let (a, b) = (base[lane], exponent[lane])
    if b == 0 || a == 1 {
      result[lane] = 1
    } else if a.isNaN || b.isNaN {
      result[lane] = .nan
    } else {
      if a.magnitude < .leastNormalMagnitude {
        result[lane] = b > 0 ? 0 : .infinity
      } else if a.magnitude == .infinity {
        result[lane] = b > 0 ? .infinity : 0
      }
      if a < 0 {
        let isWhole = b.magnitude >= 0x1p23 || Float(Int32(b)) == b
        let isOdd = b.magnitude < 0x1p24 && isWhole && Int32(b) & 1 == 1
        if isOdd {
          result[lane] = -result[lane]
        } else if !isWhole && a.magnitude != .infinity {
          result[lane] = .nan
        }
      }
    }
    lane += 1
  }
  return result
}
