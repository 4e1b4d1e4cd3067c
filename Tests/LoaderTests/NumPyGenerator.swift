/// `numpy.random.default_rng(seed)`: PCG64 (O'Neill, 2014) with NumPy's `SeedSequence`, for inputs that
/// references were computed with but do not hold.
struct NumPyGenerator {
  private var state: UInt128 = 0
  private var increment: UInt128 = 0
  private var half: UInt32?

  init(seed: UInt32) {
    let words = Self.seedWords(seed)
    let values = (0..<4).map { UInt128(words[2 * $0]) | UInt128(words[2 * $0 + 1]) << 32 }
    increment = ((values[2] << 64 | values[3]) << 1) | 1
    step()
    state &+= values[0] << 64 | values[1]
    step()
  }

  /// A `float32` in 0..<1.
  mutating func nextFloat() -> Float { Float(nextWord() >> 8) / 16_777_216 }

  private mutating func nextWord() -> UInt32 {
    if let high = half {
      half = nil
      return high
    }
    step()
    let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let turn = UInt64(truncatingIfNeeded: state >> 122)
    let value = folded >> turn | folded << ((64 &- turn) & 63)
    half = UInt32(truncatingIfNeeded: value >> 32)
    return UInt32(truncatingIfNeeded: value)
  }

  private mutating func step() {
    let multiplier: UInt128 = 2_549_297_995_355_413_924 << 64 | 4_865_540_595_714_422_341
    state = state &* multiplier &+ increment
  }

  private static func seedWords(_ seed: UInt32) -> [UInt32] {
    var constant: UInt32 = 0x43b0_d7e5
    func hash(_ value: UInt32) -> UInt32 {
      var value = value ^ constant
      constant &*= 0x931e_8875
      value &*= constant
      return value ^ value >> 16
    }
    var pool = [hash(seed), hash(0), hash(0), hash(0)]
    for source in 0..<4 {
      for target in 0..<4 where target != source {
        let mixed = 0xca01_f9dd &* pool[target] &- 0x4973_f715 &* hash(pool[source])
        pool[target] = mixed ^ mixed >> 16
      }
    }
    constant = 0x8b51_f9dd
    return (0..<8).map { index in
      var value = pool[index % 4] ^ constant
      constant &*= 0x58f3_8ded
      value &*= constant
      return value ^ value >> 16
    }
  }
}
