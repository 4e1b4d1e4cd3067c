/// Writes narrow weights or values as floats, each exactly.
///
/// Plain loops over integers, which the compiler makes vectors of: the processor's own instructions for
/// 16-bit floats are not those of every instruction set.
///
/// - Parameters:
///   - source: `count` numbers of `type`, one behind the other, little-endian, at a multiple of their size.
///   - type: Not `float32`.
///   - target: Room for `count` floats, not the source's memory.
@inlinable @inline(always)
public func widen(
  _ source: UnsafeRawPointer, _ type: ElementType, to target: UnsafeMutablePointer<Float>,
  count: Int
) {
  assert(type != .float32 && Int(bitPattern: source) % type.size == 0)
  switch type {
  case .int8: widen(source.assumingMemoryBound(to: Int8.self), to: target, count: count)
  case .uint8: widen(source.assumingMemoryBound(to: UInt8.self), to: target, count: count)
  default:
    let numbers = source.assumingMemoryBound(to: UInt16.self)
    var index = 0
    while index < count {
      target[index] = Float(half: numbers[index])
      index += 1
    }
  }
}

@inlinable @inline(always)
func widen<Number: FixedWidthInteger>(
  _ source: UnsafePointer<Number>, to target: UnsafeMutablePointer<Float>, count: Int
) {
  // By way of `Int`, which every processor converts by itself: of other types a small one takes 64 bits.
  #if hasFeature(Embedded)
    // Four at a time, and nothing but pointers that are added to: nobody does that for processors without vectors.
    var (source, target, left) = (source, target, count)
    while left >= 4 {
      target[0] = Float(Int(truncatingIfNeeded: source[0]))
      target[1] = Float(Int(truncatingIfNeeded: source[1]))
      target[2] = Float(Int(truncatingIfNeeded: source[2]))
      target[3] = Float(Int(truncatingIfNeeded: source[3]))
      source += 4
      target += 4
      left -= 4
    }
    let count = left
  #endif
  var index = 0
  while index < count {
    target[index] = Float(Int(truncatingIfNeeded: source[index]))
    index += 1
  }
}

extension Float {
  /// The value of a 16-bit float, exactly: zeros, subnormals, infinities and NaN, too.
  @inlinable @inline(always)
  init(half bits: UInt16) {
    // With the fields where those of 32 bits are, the exponent is 112 too small; multiplying makes it right
    // and subnormals normal.
    let magnitude = UInt32(bits & 0x7fff) << 13
    let value = Float(bitPattern: magnitude) * 0x1p112
    // The largest exponent stands for infinities and NaN there as here.
    let special: UInt32 = value >= 0x1p16 ? 0x7f80_0000 : 0
    let sign = UInt32(bits & 0x8000) << 16
    self.init(bitPattern: value.bitPattern | special | sign)
  }
}
