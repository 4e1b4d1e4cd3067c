/// What a callback goes by: a number of each epoch, such as `val_loss`, and when it is better than before.
public struct Monitor: Equatable, Sendable {
  public enum Mode: String, CaseIterable, Sendable {
    /// Less is better.
    case minimum = "min"
    /// More is better.
    case maximum = "max"
  }

  /// The name that the history has for it.
  public var name: String
  public var mode: Mode

  /// - Parameter mode: Nil for what the name says: of losses and errors less is better, of all others
  ///   more.
  public init(_ name: String, mode: Mode? = nil) {
    self.name = name
    let isLess = ["loss", "error", "crossentropy", "mse", "mae", "huber"].contains {
      name.hasSuffix($0)
    }
    self.mode = mode ?? (isLess ? .minimum : .maximum)
  }

  /// Whether a value is better than another by more than `delta`; NaN never is, and every number is better
  /// than nothing.
  public func isBetter(_ value: Double, than best: Double?, delta: Double = 0) -> Bool {
    guard let best else { return !value.isNaN }
    switch mode {
    case .minimum: return value + abs(delta) < best
    case .maximum: return value - abs(delta) > best
    }
  }
}

extension Monitor: ExpressibleByStringLiteral {
  public init(stringLiteral name: String) { self.init(name) }
}
