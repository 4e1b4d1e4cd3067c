/// A public file that is known byte for byte.
struct RemoteFile: Equatable, Sendable {
  /// Where it is to be had.
  let url: String
  /// The number of its bytes.
  let size: Int
  /// Its checksum as 64 hexadecimal digits.
  let sha256: String

  /// What it is called.
  var name: String { String(url[url.index(after: url.lastIndex(of: "/") ?? url.startIndex)...]) }
}
