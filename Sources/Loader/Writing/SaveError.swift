/// Why a network cannot be written to a file.
public struct SaveError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The file, as the user gave it.
  public var file: String
  /// What was found and where, what was expected, what to do.
  public var message: String

  public init(file: String, _ message: String) {
    self.file = file
    self.message = message
  }

  public var description: String { "\(file): \(message)" }
}
