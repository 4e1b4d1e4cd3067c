import Network

/// What a data file holds.
public struct InputData: Equatable, Sendable {
  /// The kinds of data file.
  public enum Format: Equatable, Sendable {
    case png, jpeg, npy, npz, idx, csv
  }

  /// What was read.
  public enum Content: Equatable, Sendable {
    /// A picture in its own size and colours (PNG, JPEG).
    case picture(Picture)
    /// One array (npy, IDX, CSV).
    case tensor(Tensor)
    /// The arrays of an archive in its order (npz).
    case arrays([NamedTensor])
  }

  /// What messages call the file.
  public let name: String
  /// The kind of the file, found by its contents.
  public let format: Format
  /// What the file holds.
  public let content: Content

  /// Data read from a file that messages call `name`.
  public init(name: String, format: Format, content: Content) {
    self.name = name
    self.format = format
    self.content = content
  }
}
