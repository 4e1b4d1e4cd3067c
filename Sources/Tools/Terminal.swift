import Glibc

/// What standard output can show.
enum Terminal {
  /// Whether colours are shown: on a terminal, unless `NO_COLOR` is set, and wherever `CLICOLOR_FORCE` is.
  static var hasColors: Bool {
    func isSet(_ name: String) -> Bool {
      getenv(name).map { $0.pointee != 0 && strcmp($0, "0") != 0 } ?? false
    }
    if isSet("NO_COLOR") { return false }
    return isSet("CLICOLOR_FORCE") || isatty(STDOUT_FILENO) == 1
  }
}
