/// The sizes of a value's axes, without the batch; nil where a size is open until an input is there.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public var sizes: [Int?]

  public init(_ sizes: [Int?]) { self.sizes = sizes }

  public init(_ sizes: [Int]) { self.sizes = sizes }

  public init(arrayLiteral sizes: Int?...) { self.sizes = sizes }

  public var rank: Int { sizes.count }

  /// The product of all sizes; nil where one is open, or beyond 2⁴⁰.
  public var count: Int? { known?.productOfSizes }

  /// The sizes where none is open, else nil.
  public var known: [Int]? {
    let known = sizes.compactMap { $0 }
    return known.count == sizes.count ? known : nil
  }

  /// As Keras writes it, with the batch in front: `(None, 28, 28, 1)`.
  public var description: String {
    let all = [nil] + sizes
    return "(" + all.map { $0.map(String.init) ?? "None" }.joined(separator: ", ") + ")"
  }
}
