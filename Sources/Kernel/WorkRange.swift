/// The part of an operation's units of work, such as lines, that one call does: `lower..<upper`.
///
/// The units of an operation may be done in any parts, in any order and by several threads at once:
/// the results are the same, bit for bit. Not a `Range`, whose bounds are checked wherever it is made.
public struct WorkRange: Equatable, Sendable {
  public var lower: Int
  public var upper: Int

  @inlinable @inline(always)
  public init(_ lower: Int, _ upper: Int) {
    assert(0 <= lower && lower <= upper)
    self.lower = lower
    self.upper = upper
  }

  @inlinable @inline(always)
  public var count: Int { upper - lower }

  /// Part `index` of `parts` parts, as equal as can be.
  @inlinable @inline(always)
  public func part(_ index: Int, of parts: Int) -> WorkRange {
    WorkRange(lower + count * index / parts, lower + count * (index + 1) / parts)
  }
}
