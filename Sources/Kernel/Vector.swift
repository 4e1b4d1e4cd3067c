/// A register's worth of `Float`s, and the few operations every kernel is written in.
///
/// The kernels are generic over this protocol and are instantiated for `SIMD4`, `SIMD8` and `SIMD16`,
/// one instruction set each. The requirements are those whose best spelling depends on the vector's
/// width or on the instruction set; all of them are forced inline, because a vector that crosses a
/// call is split over 128-bit registers. Arithmetic is a requirement too: the witness is the concrete
/// type's operator, which is one instruction.
public protocol Vector: SendableMetatype {
  /// The number of lanes: 4, 8 or 16.
  static var count: Int { get }

  /// The number of such vectors that the instruction set has registers for: 16 or 32.
  static var registers: Int { get }

  /// A vector whose lanes all hold `value`.
  init(repeating value: Float)

  /// The lane at an index.
  subscript(lane: Int) -> Float { get set }

  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self

  /// The lanes of `other` where `a < b`, else those of `self`.
  ///
  /// Comparison and choice are one requirement, not two with a mask between them: only together, on
  /// the concrete type, are they compiled to vector instructions.
  func replaced(with other: Self, whereLess a: Self, than b: Self) -> Self

  /// The lanes of `other` where `a <= b`, else those of `self`.
  func replaced(with other: Self, whereAtMost a: Self, _ b: Self) -> Self

  /// The lanes of `other` where `a == b`, else those of `self`.
  func replaced(with other: Self, whereEqual a: Self, _ b: Self) -> Self

  /// `self + a * b`: one rounding where the instruction set has a fused multiply-add, else two.
  func fusedAddingProduct(_ a: Self, _ b: Self) -> Self

  /// Loads the first `lanes` floats, 0…`count`, and zeros behind them; nothing further is read.
  static func load(_ source: UnsafePointer<Float>, lanes: Int) -> Self

  /// Stores the first `lanes` lanes, 0…`count`; nothing further is written.
  func store(_ target: UnsafeMutablePointer<Float>, lanes: Int)

  /// Each lane with its sign bit cleared.
  var magnitudes: Self { get }

  /// Each lane's magnitude with the sign of the same lane of `other`.
  func withSign(of other: Self) -> Self

  /// Two to the power of the integer n that `self`, which is 1.5·2²³ + n, holds in its low bits;
  /// for n in -126…127.
  var powerOfTwoOfLowBits: Self { get }

  /// One over each positive lane's square root within a fifth of a percent: half the exponent, by the
  /// integer arithmetic that Lomont describes in Fast Inverse Square Root, 2003.
  var reciprocalSquareRootEstimate: Self { get }

  /// Each positive, normal lane as `significand · 2^exponent`, the significand in 0.75..<1.5.
  var significandAndExponent: (significand: Self, exponent: Self) { get }
}

extension Vector {
  /// A vector of zeros.
  @inlinable @inline(always)
  public static var zeros: Self { Self(repeating: 0) }

  /// Loads `count` floats; the address need only be aligned for `Float`.
  @inlinable @inline(always)
  public static func load(_ source: UnsafePointer<Float>) -> Self {
    #if arch(arm) || arch(riscv32)
      // A register holds one float; to be loaded into it, that must be known to be aligned.
      var result = Self.zeros
      var lane = 0
      while lane < count {
        result[lane] = source[lane]
        lane += 1
      }
      return result
    #else
      return UnsafeRawPointer(source).loadUnaligned(as: Self.self)
    #endif
  }

  /// Stores all lanes; the address need only be aligned for `Float`.
  @inlinable @inline(always)
  public func store(_ target: UnsafeMutablePointer<Float>) {
    #if arch(arm) || arch(riscv32)
      var lane = 0
      while lane < Self.count {
        target[lane] = self[lane]
        lane += 1
      }
    #else
      UnsafeMutableRawPointer(target).storeBytes(of: self, as: Self.self)
    #endif
  }

  /// The larger of each pair of lanes; NaN where `self` is NaN.
  @inlinable @inline(always)
  public func clampedBelow(by lowest: Self) -> Self {
    replaced(with: lowest, whereLess: self, than: lowest)
  }

  /// The smaller of each pair of lanes; NaN where `self` is NaN.
  @inlinable @inline(always)
  public func clampedAbove(by highest: Self) -> Self {
    replaced(with: highest, whereLess: highest, than: self)
  }

  /// The larger of each pair of lanes; NaN where either is NaN.
  @inlinable @inline(always)
  public func maximum(_ other: Self) -> Self {
    // The first choice takes the other where it is NaN, the second keeps what is NaN already.
    let larger = other.replaced(with: self, whereLess: other, than: self)
    return replaced(with: larger, whereAtMost: self, Self(repeating: .infinity))
  }

  /// Each lane's square root within two ULP, for lanes that are neither negative nor infinite.
  ///
  /// The correctly rounded one is computed lane by lane: this is what training takes, which needs one for
  /// every weight in every step.
  @inlinable @inline(always)
  public func approximateSquareRoots() -> Self {
    let half = Self(repeating: 0.5) * self
    var y = reciprocalSquareRootEstimate
    var step = 0
    // Newton's method: each step doubles the digits.
    while step < 3 {
      y = y * (Self(repeating: 1.5) - half * y * y)
      step += 1
    }
    let root = self * y
    return root.fusedAddingProduct(y * Self(repeating: 0.5), self - root * root)
  }

  /// Each lane's square root, correctly rounded.
  @inlinable @inline(always)
  public func squareRoots() -> Self {
    var result = self
    var lane = 0
    while lane < Self.count {
      result[lane] = result[lane].squareRoot()
      lane += 1
    }
    return result
  }

  /// The first channel of the vector that begins at one, or a little before it, so that it is whole: not where there are
  /// fewer channels than lanes.
  ///
  /// The last two vectors have channels in common then, which are computed and stored twice: for outputs that are
  /// neither added to nor where the input is.
  @inlinable @inline(always)
  static func firstChannel(ofVectorAt channel: Int, channels: Int) -> Int {
    let last = channels - count
    return channel > last && last >= 0 ? last : channel
  }
}
