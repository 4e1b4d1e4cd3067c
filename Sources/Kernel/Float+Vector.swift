#if hasFeature(Embedded)
  /// A vector of one lane: what small processors compute with.
  extension Float: Vector {
    @inlinable @inline(always)
    public static var count: Int { 1 }

    @inlinable @inline(always)
    public static var registers: Int { 32 }

    @inlinable @inline(always)
    public init(repeating value: Float) { self = value }

    @inlinable @inline(always)
    public subscript(lane: Int) -> Float {
      get { self }
      set { self = newValue }
    }

    /// As `SIMD4`'s, which see.
    @inlinable @inline(always)
    public func fusedAddingProduct(_ a: Float, _ b: Float) -> Float {
      #if arch(x86_64)
        self + a * b
      #else
        addingProduct(a, b)
      #endif
    }

    @inlinable @inline(always)
    public static func load(_ source: UnsafePointer<Float>, lanes: Int) -> Float {
      lanes > 0 ? source.pointee : 0
    }

    @inlinable @inline(always)
    public func store(_ target: UnsafeMutablePointer<Float>, lanes: Int) {
      if lanes > 0 { target.pointee = self }
    }

    @inlinable @inline(always)
    public func replaced(with other: Float, whereLess a: Float, than b: Float) -> Float {
      a < b ? other : self
    }

    @inlinable @inline(always)
    public func replaced(with other: Float, whereAtMost a: Float, _ b: Float) -> Float {
      a <= b ? other : self
    }

    @inlinable @inline(always)
    public func replaced(with other: Float, whereEqual a: Float, _ b: Float) -> Float {
      a == b ? other : self
    }

    @inlinable @inline(always)
    public var magnitudes: Float { magnitude }

    @inlinable @inline(always)
    public func withSign(of other: Float) -> Float { Float(signOf: other, magnitudeOf: self) }

    @inlinable @inline(always)
    public var powerOfTwoOfLowBits: Float { Float(bitPattern: bitPattern &<< 23 &+ 0x3f80_0000) }

    @inlinable @inline(always)
    public var significandAndExponent: (significand: Float, exponent: Float) {
      // Bits are ordered as the floats are; those of 0.75 come off, so that the shift rounds down.
      let power = Int32(bitPattern: bitPattern &- 0x3f40_0000) >> 23
      return (Float(bitPattern: bitPattern &- UInt32(bitPattern: power) &<< 23), Float(power))
    }

    @inlinable @inline(always)
    public var reciprocalSquareRootEstimate: Float {
      Float(bitPattern: 0x5f37_59df &- bitPattern &>> 1)
    }
  }
#endif
