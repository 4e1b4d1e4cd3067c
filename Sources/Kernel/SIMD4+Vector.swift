extension SIMD4: Vector where Scalar == Float {
  @inlinable @inline(always)
  public static var count: Int { 4 }

  @inlinable @inline(always)
  public static var registers: Int {
    #if hasFeature(Embedded)  // Of Cortex-M7's 32 registers each holds one value.
      8
    #elseif arch(x86_64)
      16
    #else
      32
    #endif
  }

  /// x86-64 without FMA would call `fmaf` lane by lane: there the product is rounded.
  @inlinable @inline(always)
  public func fusedAddingProduct(_ a: Self, _ b: Self) -> Self {
    #if arch(x86_64)
      self + a * b
    #else
      addingProduct(a, b)
    #endif
  }

  @inlinable @inline(always)
  public static func load(_ source: UnsafePointer<Float>, lanes: Int) -> Self {
    assert(0 <= lanes && lanes <= count)
    var result = Self.zeros
    if lanes == count { return .load(source) }
    if lanes > 0 { result[0] = source[0] }
    if lanes > 1 { result[1] = source[1] }
    if lanes > 2 { result[2] = source[2] }
    return result
  }

  @inlinable @inline(always)
  public func store(_ target: UnsafeMutablePointer<Float>, lanes: Int) {
    assert(0 <= lanes && lanes <= Self.count)
    if lanes == Self.count { return store(target) }
    if lanes > 0 { target[0] = self[0] }
    if lanes > 1 { target[1] = self[1] }
    if lanes > 2 { target[2] = self[2] }
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
    let shifted = unsafeBitCast(self, to: SIMD4<Int32>.self) &* SIMD4<Int32>(repeating: 1 << 23)
    return unsafeBitCast(shifted &+ SIMD4<Int32>(repeating: 0x3f80_0000), to: Self.self)
  }

  @inlinable @inline(always)
  public var significandAndExponent: (significand: Self, exponent: Self) {
    let all = unsafeBitCast(self, to: SIMD4<Int32>.self)
    // Bits are ordered as the floats are; those of 0.75 come off, so that the shift rounds down.
    let offset = all &- SIMD4<Int32>(repeating: 0x3f40_0000)
    var significand = self
    var exponent = Self.zeros
    for lane in 0..<4 {
      let power = offset[lane] >> 23
      significand[lane] = Float(bitPattern: UInt32(bitPattern: all[lane] &- power << 23))
      exponent[lane] = Float(power)
    }
    return (significand, exponent)
  }

  /// The lanes' bits, as the type whose logic the standard library spells as vector operations: that
  /// of its `SIMD` and of `replacing` goes lane by lane, and is not always recognised.
  @inlinable @inline(always)
  var bits: SIMDMask<SIMD4<Int32>> { unsafeBitCast(self, to: SIMDMask<SIMD4<Int32>>.self) }

  @inlinable @inline(always)
  init(bits: SIMDMask<SIMD4<Int32>>) { self = unsafeBitCast(bits, to: Self.self) }

  @inlinable @inline(always)
  public var reciprocalSquareRootEstimate: Self {
    let bits = unsafeBitCast(self, to: SIMD4<UInt32>.self)
    return unsafeBitCast(
      SIMD4<UInt32>(repeating: 0x5f37_59df) &- (bits &>> 1), to: Self.self)
  }
}
