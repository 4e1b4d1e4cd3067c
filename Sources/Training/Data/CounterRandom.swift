import Network

/// Random numbers that are not drawn in turn but asked for by number: the same key and number give the same
/// value, whoever asks and when. That is what keeps results independent of threads.
///
/// The values are those of SplitMix64 (Steele, Lea and Flood, 2014) seeded with the key.
public struct CounterRandom: Sendable {
  /// What all values depend on.
  public let key: UInt64

  /// The random numbers of a key.
  public init(key: UInt64) { self.key = key }

  /// The random numbers of a part of what the key stands for: of one epoch of a seed, of one item of an
  /// epoch.
  public func part(_ number: UInt64) -> CounterRandom { CounterRandom(key: self[number]) }

  /// 64 random bits.
  public subscript(number: UInt64) -> UInt64 {
    var generator = SplitMix64(state: key &+ number &* SplitMix64.step)
    return generator.next()
  }

  /// A number from 0 up to but not including 1.
  public func unit(_ number: UInt64) -> Double { Double(self[number] >> 11) * 0x1p-53 }

  /// A number from `range.lowerBound` to `range.upperBound`.
  public func uniform(_ number: UInt64, in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit(number)
  }

  /// Puts the elements into a random order, every order as likely as any other (Fisher and Yates).
  public func shuffle(_ elements: inout [Int]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      // The high half of a product with 64 random bits: its bias is below 2⁻⁶⁴ times the count.
      let other = self[UInt64(last)].multipliedFullWidth(by: UInt64(last + 1)).high
      elements.swapAt(last, Int(other))
    }
  }
}
