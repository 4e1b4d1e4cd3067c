#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads the text files that hold architectures.
enum TextFile {
  /// No architecture is larger.
  static let largest = 256 << 20

  /// - Throws: `LoadError`, where the file cannot be read or is beyond 256 MiB.
  static func text(_ path: String) throws(LoadError) -> String {
    guard let file = fopen(path, "rb") else {
      throw LoadError(file: path, "\(String(cString: strerror(errno))); check its permissions")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { break }
      bytes += block.prefix(count)
      guard bytes.count <= largest else {
        throw LoadError(file: path, "it is larger than any model's architecture")
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
