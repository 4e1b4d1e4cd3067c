import Glibc
import Synchronization

/// Ctrl-C and the signal that asks a process to end, to which a training answers behind the batch.
enum Interruption {
  private static let signalNumber = Atomic<Int32>(0)

  /// Whether the process has been asked to end.
  static var isRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

  /// From now on the first signal asks, and a second one ends the process as ever.
  static func watch() {
    // So that nothing is left to be made when the signal comes.
    signalNumber.store(0, ordering: .relaxed)
    // Who started this may have kept the signals from it.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        Interruption.signalNumber.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
      }
    }
  }
}
