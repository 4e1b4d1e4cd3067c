import Glibc

/// A line on the terminal that says how far long work is; nothing where nobody sees it.
struct Progress {
  private let total: Int
  private let isShown: Bool
  /// When it began, in seconds of a clock that never goes back.
  let started: Double
  private var lastShown = 0.0

  init(total: Int) {
    self.total = total
    isShown = StandardError.isTerminal
    started = Self.now
  }

  /// - Parameter details: What follows behind the bar.
  mutating func advance(to done: Int, details: () -> String = { "" }) {
    guard isShown else { return }
    let now = Self.now
    // Work of less than a second is over before it is read.
    if now - started < 1 || done < total && now - lastShown < 0.1 { return }
    lastShown = now
    // The line is wiped at the end: what comes next is the result.
    let end = done == total ? "\r\u{1B}[K" : ""
    let filled = total > 0 ? done * Self.width / total : 0
    let bar =
      String(repeating: "=", count: filled) + String(repeating: ".", count: Self.width - filled)
    StandardError.write(
      "\r[\(bar)] \(done) of \(total)\(details())\u{1B}[K\(end)", terminator: "")
  }

  /// Wipes the line, before something else is written.
  func wipe() {
    if isShown { StandardError.write("\r\u{1B}[K", terminator: "") }
  }

  /// The characters of a full bar.
  private static let width = 20

  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
