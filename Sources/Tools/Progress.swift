import Glibc

/// A line on the terminal that says how far long work is; nothing where nobody sees it.
struct Progress {
  private let total: Int
  private let isShown: Bool
  private let started: Double
  private var lastShown = 0.0

  init(total: Int) {
    self.total = total
    isShown = StandardError.isTerminal
    started = Self.now
  }

  mutating func advance(to done: Int) {
    guard isShown else { return }
    let now = Self.now
    // Work of less than a second is over before it is read.
    if now - started < 1 || done < total && now - lastShown < 0.1 { return }
    lastShown = now
    // The line is wiped at the end: what comes next is the result.
    let end = done == total ? "\r\u{1B}[K" : ""
    StandardError.write("\r\(done) of \(total)\(end)", terminator: "")
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
