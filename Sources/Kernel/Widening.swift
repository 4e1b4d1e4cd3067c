/// Writes narrow weights as floats, each exactly.
///
/// Plain loops over integers, which the compiler makes vectors of: the processor's own instructions for
/// 16-bit floats are not those of every instruction set.
///
/// - Parameters:
///   - source: `count` weights of `type`, one behind the other, little-endian, at a multiple of their size.
///   - type: Not `float32`.
///   - target: Room for `count` floats, not the source's memory.
@inlinable @inline(always)
public func widen(
  _ source: UnsafeRawPointer, _ type: WeightType, to target: UnsafeMutablePointer<Float>, count: Int
) {
  assert(type != .float32 && Int(bitPattern: source) % type.size == 0)
  var index = 0
  if type == .int8 {
    let weights = source.assumingMemoryBound(to: Int8.self)
    while index < count {
      // By way of `Int`, which every processor converts by itself: of other types a small one takes 64 bits.
      target[index] = Float(Int(weights[index]))
      index += 1
    }
  } else {
    let weights = source.assumingMemoryBound(to: UInt16.self)
    while index < count {
      target[index] = Float(half: weights[index])
      index += 1
    }
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
