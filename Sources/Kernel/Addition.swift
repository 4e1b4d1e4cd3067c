/// Adds two arrays of `count` floats; the output may be either's memory.
@inlinable @inline(always)
public func add<V: Vector>(
  _: V.Type, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, count: Int
) {
  assert(count >= 0)
  combine(a, output, count, b) { (x: V, y: V) in x + y }
}
