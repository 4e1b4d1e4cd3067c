/// What cannot be drawn.
public struct FigureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was found, what was expected, and what to do.
  public let description: String

  public init(_ description: String) { self.description = description }
}
