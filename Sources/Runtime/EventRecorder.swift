/// When an operation ran: one of its parts, on one thread.
public struct OperationEvent: Equatable, Sendable {
  public var operation: Int
  public var thread: Int
  /// Nanoseconds of a clock that never goes back.
  public var begin: UInt64
  public var end: UInt64

  public init(operation: Int, thread: Int, begin: UInt64, end: UInt64) {
    self.operation = operation
    self.thread = thread
    self.begin = begin
    self.end = end
  }
}

/// Memory for the events of a run, a part for each thread; what does not fit is left out.
///
/// Clock and memory are the caller's: on a bare machine both are its own.
public struct EventRecorder {
  private let events: UnsafeMutableBufferPointer<OperationEvent>
  /// How many events each thread noted.
  private let counts: UnsafeMutableBufferPointer<Int>
  private let clock: Clock

  /// A C function, so that none needs memory to be kept in.
  public typealias Clock = @convention(c) () -> UInt64

  /// - Parameters:
  ///   - events: As many for each thread as there are elements divided by threads.
  ///   - counts: One for each thread, set to 0.
  public init(
    events: UnsafeMutableBufferPointer<OperationEvent>, counts: UnsafeMutableBufferPointer<Int>,
    clock: @escaping Clock
  ) {
    self.events = events
    self.counts = counts
    self.clock = clock
  }

  var now: UInt64 { clock() }

  func note(_ operation: Int, _ thread: Int, since begin: UInt64) {
    let capacity = events.count / counts.count
    let count = counts[thread]
    guard count < capacity else { return }
    events[thread * capacity + count] = OperationEvent(
      operation: operation, thread: thread, begin: begin, end: clock())
    counts[thread] = count + 1
  }
}
