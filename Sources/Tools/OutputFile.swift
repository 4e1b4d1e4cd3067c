import DataFiles
import Glibc

/// Writes results: files whole or not at all, standard output where asked.
enum OutputFile {
  /// - Parameter isText: Binary data is not written to a terminal.
  static func write(_ bytes: [UInt8], to path: String, isText: Bool = false) throws {
    if path == "-" && !isText && isatty(STDOUT_FILENO) == 1 {
      throw ToolFailure(
        "standard output is a terminal, and this is binary: name a file with -o", isUsage: true)
    }
    do {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw error.isClosedPipe
        ? ToolFailure(error.description, isQuiet: true) : ToolFailure(error.description)
    }
  }

  /// Whether two names are of one file.
  static func isSame(_ first: String, _ second: String) -> Bool {
    var (a, b) = (stat(), stat())
    return stat(first, &a) == 0 && stat(second, &b) == 0 && a.st_dev == b.st_dev
      && a.st_ino == b.st_ino
  }

  /// Makes a folder and those above it, where they are not there yet.
  static func makeFolder(_ path: String) throws {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? part : "/" + part
      if mkdir(made, 0o777) != 0 && errno != EEXIST {
        throw ToolFailure(
          "\(path): the folder cannot be made (\(String(cString: strerror(errno))))")
      }
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw ToolFailure("\(path): this is a file; -o takes a folder here")
    }
  }
}
