import Files

/// The zip archive that Keras 3's `.keras` is, with members by name and errors that name the file.
package struct Archive {
  let path: String
  private let zip: ZipArchive
  /// The names of the members, in the archive's order.
  package let names: [String]

  /// The largest member that is read.
  package static let largestMember: UInt64 = 16 << 30

  /// - Throws: `LoadError`, where the archive is damaged.
  package init(path: String) throws(LoadError) {
    self.path = path
    guard let zip = try? ZipArchive(path: path) else {
      throw LoadError(
        file: path, "a zip archive, but damaged or cut off; copy or download it again")
    }
    guard zip.count <= 100_000 else {
      throw LoadError(file: path, "a zip archive of \(zip.count) members, which no model has")
    }
    self.zip = zip
    names = (0..<zip.count).map { (try? zip.name(at: $0)) ?? "" }
  }

  /// The bytes of a member.
  ///
  /// - Throws: `LoadError`, where it is not there, damaged, or claims more than it can hold.
  package func bytes(
    _ name: String, atMost limit: UInt64 = largestMember
  ) throws(LoadError) -> [UInt8] {
    guard let index = names.firstIndex(of: name) else { throw error(name, "is not there") }
    do throws(ZipError) {
      return try zip.bytes(at: index, atMost: limit)
    } catch {
      throw self.error(name, Self.message(error, limit))
    }
  }

  private func error(_ name: String, _ message: String) -> LoadError {
    LoadError(file: path, "its member '\(name)' \(message)")
  }

  private static func message(_ error: ZipError, _ limit: UInt64) -> String {
    switch error {
    case .tooLarge(let size): "declares \(size) bytes, more than the \(limit) that are read"
    case .impossible(let size, let storedSize):
      "declares \(size) bytes, more than its \(storedSize) can hold"
    case .locked: "cannot be opened; it is damaged or encrypted"
    case .unreadable: "cannot be read; the archive is damaged or cut off"
    case .unlisted, .unopenable, .unwritable: "is damaged"
    }
  }
}
