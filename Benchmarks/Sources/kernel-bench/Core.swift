import CScheduler

/// The core that the program runs on.
enum Core {
  /// Keeps this thread on one core: the one given, else the one it is on.
  ///
  /// - Returns: The core; nil where the system does not let the program choose.
  static func pin(to core: Int?) -> Int? {
    let core = core.flatMap(CInt.init(exactly:)) ?? scheduler_core()
    return scheduler_pin(core) == 0 ? Int(core) : nil
  }
}
