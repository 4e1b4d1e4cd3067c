/// Writes floats as whole numbers of 8 bits: each value times `factor`, to the nearest, of two as near to the
/// even one.
///
/// What is beyond the numbers becomes the nearest of them, -127…127 or 0…255; NaN becomes 0.
///
/// - Parameters:
///   - source: `count` floats.
///   - type: `int8` or `uint8`.
///   - target: Room for `count` bytes, not the source's memory.
///   - factor: Finite; the number that a value of 1 is.
@inlinable @inline(always)
public func quantize(
  _ source: UnsafePointer<Float>, _ type: ElementType, to target: UnsafeMutablePointer<UInt8>,
  count: Int, factor: Float
) {
  assert(type == .int8 || type == .uint8)
  let lower: Float = type == .int8 ? -127 : 0
  let upper: Float = type == .int8 ? 127 : 255
  var index = 0
  while index < count {
    let value = source[index] * factor
    let above = value > lower ? value : lower
    let clamped = above < upper ? above : upper
    let number = value == value ? clamped : 0
    // Of floats from 2²³ on the last place is worth 1: adding rounds, and the last bits are the number.
    target[index] = UInt8(truncatingIfNeeded: (number + 0x1.8p23).bitPattern)
    index += 1
  }
}
