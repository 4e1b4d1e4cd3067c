/// e^x over the sum of e^x, along one axis of `outer · axis · inner` values; with `isLogarithmic` the
/// logarithm of that. `input` and `output` may be the same memory.
///
/// The largest value is taken off first, so that nothing overflows. Sums are taken one by one in the
/// order of the axis, the same for every instruction set.
@inlinable @inline(always)
public func softmax<V: Vector>(
  _: V.Type, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
  outer: Int, axis: Int, inner: Int, isLogarithmic: Bool
) {
  var o = 0
  while o < outer {
    var i = 0
    while i < inner {
      let offset = o * axis * inner + i
      softmaxRow(
        V.self, input + offset, output + offset, count: axis, stride: inner,
        isLogarithmic: isLogarithmic)
      i += 1
    }
    o += 1
  }
}

@inlinable @inline(always)
func softmaxRow<V: Vector>(
  _: V.Type, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
  count: Int, stride: Int, isLogarithmic: Bool
) {
  var largest = -Float.infinity
  var k = 0
  while k < count {
    // A NaN is kept, and makes the whole row NaN.
    let x = input[k * stride]
    if x > largest || x.isNaN { largest = x }
    k += 1
  }
  let offset = V(repeating: largest)
  var sum: Float = 0
  k = 0
  while k < count {
    let lanes = count - k < V.count ? count - k : V.count
    let shifted = loadStrided(V.self, input + k * stride, stride, lanes: lanes) - offset
    let e = exponential(shifted)
    storeStrided(isLogarithmic ? shifted : e, output + k * stride, stride, lanes: lanes)
    var lane = 0
    while lane < lanes {
      sum += e[lane]
      lane += 1
    }
    k += V.count
  }
  let total = V(repeating: sum)
  let logarithmOfTotal = isLogarithmic ? logarithm(total) : total
  k = 0
  while k < count {
    let lanes = count - k < V.count ? count - k : V.count
    let x = loadStrided(V.self, output + k * stride, stride, lanes: lanes)
    storeStrided(
      isLogarithmic ? x - logarithmOfTotal : x / total, output + k * stride, stride, lanes: lanes)
    k += V.count
  }
}

@inlinable @inline(always)
func loadStrided<V: Vector>(
  _: V.Type, _ source: UnsafePointer<Float>, _ stride: Int, lanes: Int
) -> V {
  if stride == 1 { return V.load(source, lanes: lanes) }
  var result = V.zeros
  var lane = 0
  while lane < lanes {
    result[lane] = source[lane * stride]
    lane += 1
  }
  return result
}

@inlinable @inline(always)
func storeStrided<V: Vector>(
  _ value: V, _ target: UnsafeMutablePointer<Float>, _ stride: Int, lanes: Int
) {
  if stride == 1 { return value.store(target, lanes: lanes) }
  var lane = 0
  while lane < lanes {
    target[lane * stride] = value[lane]
    lane += 1
  }
}
