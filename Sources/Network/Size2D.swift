/// A height and a width: of a kernel, a stride, a pool.
///
/// Written `3` for a square, `[2, 3]` for two rows and three columns.
public struct Size2D: Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  public var height: Int
  public var width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  public init(integerLiteral side: Int) { self.init(side, side) }

  /// - Precondition: One or two numbers.
  public init(arrayLiteral sizes: Int...) {
    precondition(sizes.count == 1 || sizes.count == 2, "a size has a height and a width")
    self.init(sizes[0], sizes[sizes.count - 1])
  }
}
