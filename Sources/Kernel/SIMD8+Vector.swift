extension SIMD8: Vector where Scalar == Float {
  @inlinable @inline(always)
  public static var count: Int { 8 }

  @inlinable @inline(always)
  public static var registers: Int { 16 }

  @inlinable @inline(always)
  public func fusedAddingProduct(_ a: Self, _ b: Self) -> Self { addingProduct(a, b) }

  @inlinable @inline(always)
  public static func load(_ source: UnsafePointer<Float>, lanes: Int) -> Self {
    assert(0 <= lanes && lanes <= count)
    let half = SIMD4<Float>.count
    if lanes >= half {
      return SIMD8(lowHalf: .load(source), highHalf: .load(source + half, lanes: lanes - half))
    }
    return SIMD8(lowHalf: .load(source, lanes: lanes), highHalf: .zeros)
  }

  @inlinable @inline(always)
  public func store(_ target: UnsafeMutablePointer<Float>, lanes: Int) {
    assert(0 <= lanes && lanes <= Self.count)
    let half = SIMD4<Float>.count
    if lanes >= half {
      lowHalf.store(target)
      highHalf.store(target + half, lanes: lanes - half)
    } else {
      lowHalf.store(target, lanes: lanes)
    }
  }

  @inlinable @inline(always)
  public func replaced(with other: Self, whereLess a: Self, than b: Self) -> Self {
    Self(bits: bits.replacing(with: other.bits, where: a .< b))
  }

  @inlinable @inline(always)
  public func replaced(with other: Self, whereAtMost a: Self, _ b: Self) -> Self {
    Self(bits: bits.replacing(with: other.bits, where: a .<= b))
  }

  @inlinable @inline(always)
  public func replaced(with other: Self, whereEqual a: Self, _ b: Self) -> Self {
    Self(bits: bits.replacing(with: other.bits, where: a .== b))
  }

  @inlinable @inline(always)
  public var magnitudes: Self { Self(bits: bits .& .!Self(repeating: -0.0).bits) }

  @inlinable @inline(always)
  public func withSign(of other: Self) -> Self {
    Self(bits: bits.replacing(with: other.bits, where: Self(repeating: -0.0).bits))
  }

  @inlinable @inline(always)
  public var powerOfTwoOfLowBits: Self {
    // Multiplying by 2²³ is shifting left by 23, spelt as the standard library compiles it best.
    let shifted = unsafeBitCast(self, to: SIMD8<Int32>.self) &* SIMD8<Int32>(repeating: 1 << 23)
    return unsafeBitCast(shifted &+ SIMD8<Int32>(repeating: 0x3f80_0000), to: Self.self)
  }

  @inlinable @inline(always)
  public var significandAndExponent: (significand: Self, exponent: Self) {
    let all = unsafeBitCast(self, to: SIMD8<Int32>.self)
    // Bits are ordered as the floats are; those of 0.75 come off, so that the shift rounds down.
    let offset = all &- SIMD8<Int32>(repeating: 0x3f40_0000)
    var significand = self
    var exponent = Self.zeros
    for lane in 0..<8 {
      let power = offset[lane] >> 23
      significand[lane] = Float(bitPattern: UInt32(bitPattern: all[lane] &- power << 23))
      exponent[lane] = Float(power)
    }
    return (significand, exponent)
  }

  /// The lanes' bits, as the type whose logic the standard library spells as vector operations: that
  /// of its `SIMD` and of `replacing` goes lane by lane, and is not always recognised.
  @inlinable @inline(always)
  var bits: SIMDMask<SIMD8<Int32>> { unsafeBitCast(self, to: SIMDMask<SIMD8<Int32>>.self) }

  @inlinable @inline(always)
  init(bits: SIMDMask<SIMD8<Int32>>) { self = unsafeBitCast(bits, to: Self.self) }

  @inlinable @inline(always)
  public var reciprocalSquareRootEstimate: Self {
    let bits = unsafeBitCast(self, to: SIMD8<UInt32>.self)
    return unsafeBitCast(
      SIMD8<UInt32>(repeating: 0x5f37_59df) &- (bits &>> 1), to: Self.self)
  }
}
