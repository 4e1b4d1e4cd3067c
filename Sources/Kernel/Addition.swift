/// Adds two arrays of `count` floats; the output may be either's memory.
@inlinable @inline(always)
public func add<V: Vector>(
  _: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, count: Int
) {
  assert(count >= 0)
  var i = 0
  while i + V.count <= count {
    (V.load(a + i) + V.load(b + i)).store(output + i)
    i += V.count
  }
  if i < count {
    let lanes = count - i
    (V.load(a + i, lanes: lanes) + V.load(b + i, lanes: lanes)).store(output + i, lanes: lanes)
  }
}
