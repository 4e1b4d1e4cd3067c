import Files

/// Reads the text files that hold architectures.
enum TextFile {
  /// No architecture is larger.
  static let largest = 256 << 20

  /// - Throws: `LoadError`, where the file cannot be read or is beyond 256 MiB.
  static func text(_ path: String) throws(LoadError) -> String {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try OpenFile.bytes(of: path, atMost: largest + 1)
    } catch {
      throw LoadError(file: path, "\(error.message); check its permissions")
    }
    guard bytes.count <= largest else {
      throw LoadError(file: path, "it is larger than any model's architecture")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
