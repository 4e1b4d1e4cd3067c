import Network

/// A tensor with the name it has in an archive.
public struct NamedTensor: Equatable, Sendable {
  /// The name, which may hold slashes.
  public var name: String
  /// The values, of any shape.
  public var tensor: Tensor

  /// A tensor called `name`.
  public init(name: String, tensor: Tensor) {
    self.name = name
    self.tensor = tensor
  }
}
