/// Runs `repetitions` times 24 independent chains of multiply-adds in registers, the most that the
/// processor can do, and returns the number of floating-point operations.
///
/// - Parameter sink: One float; what was computed goes there, so that the work is not optimised away.
@inlinable @inline(always)
public func runMultiplyAdds<V: Vector>(
  _: V.Type, repetitions: Int, seed: Float, sink: UnsafeMutablePointer<Float>
) -> Int {
  let chains = V.registers == 32 ? 24 : 12
  let a = V(repeating: 1 - seed)
  let b = V(repeating: seed)
  var values = InlineArray<24, V>(repeating: b)
  var i = 0
  while i < chains {
    values[unchecked: i] = V(repeating: Float(i))
    i += 1
  }
  var round = 0
  while round < repetitions {
    i = 0
    while i < chains {
      values[unchecked: i] = b.fusedAddingProduct(values[unchecked: i], a)
      i += 1
    }
    round += 1
  }
  i = 0
  var sum = V.zeros
  while i < chains {
    sum = sum + values[unchecked: i]
    i += 1
  }
  sink.pointee = sum[0]
  return repetitions * chains * V.count * 2
}
