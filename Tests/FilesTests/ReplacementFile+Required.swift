import Files

extension ReplacementFile {
  /// What `#require` would give, which does not take what cannot be copied.
  static func required(_ path: String) throws -> ReplacementFile {
    guard let file = try ReplacementFile(for: path) else { throw Unreplaceable(path: path) }
    return file
  }

  /// Replaces a file.
  static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try required(path)
    try file.writeAll(bytes)
    try file.commit()
  }

  private struct Unreplaceable: Error {
    let path: String
  }
}
