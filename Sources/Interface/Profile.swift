// The function of `cnn.h` that measures.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInterface
import Runtime

#if compiler(>=6.3)
  @c @implementation
  public func cnn_run_profiled(
    _ session: OpaquePointer?, _ clock: (@convention(c) () -> UInt64)?,
    _ events: UnsafeMutablePointer<cnn_event>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
  ) -> cnn_status {
    guard let placed = PlacedSession.of(session), let clock, let events, let count else {
      return CNN_NULL_POINTER
    }
    guard placed.pointee.session.isBound else { return CNN_NOT_BOUND }
    guard placed.pointee.session.threads == 1 else { return CNN_WRONG_BATCH }
    // A `size_t` beyond `Int` comes as a negative number.
    guard capacity > 0 else { return CNN_OK }
    // What is noted is smaller than what is told of it, and lies in the same memory.
    let noted = UnsafeMutableRawPointer(events).bindMemory(
      to: OperationEvent.self, capacity: capacity)
    var found = 0
    withUnsafeMutablePointer(to: &found) {
      placed.pointee.session.run(
        recording: EventRecorder(
          events: UnsafeMutableBufferPointer(start: noted, count: capacity),
          counts: UnsafeMutableBufferPointer(start: $0, count: 1), clock: clock))
    }
    describe(found, at: events, placed.pointee.session)
    count.pointee = found
    return CNN_OK
  }

  /// Puts what is told of events in the place of what was noted of them, from the last one on.
  private func describe(
    _ count: Int, at events: UnsafeMutablePointer<cnn_event>, _ session: borrowing Session
  ) {
    assert(MemoryLayout<OperationEvent>.stride <= MemoryLayout<cnn_event>.stride)
    let program = session.program
    let noted = UnsafeRawPointer(events)
    for index in (0..<count).reversed() {
      let event = noted.load(
        fromByteOffset: index * MemoryLayout<OperationEvent>.stride, as: OperationEvent.self)
      let operation = program.operation(event.operation)
      let name = program.name(program.tensor(Int(operation.output)))
      UnsafeMutableRawPointer(events + index).initializeMemory(
        as: cnn_event.self,
        to: cnn_event(
          name: name.baseAddress?.assumingMemoryBound(to: CChar.self), name_length: name.count,
          begin: event.begin, end: event.end,
          multiply_adds: UInt64(operation.multiplyAdds * session.batch)))
    }
  }
#endif
