/// Arrays that are used for a moment by one thread each, and again by the next: as many as threads were at
/// it at once.
final class ScratchBuffers: @unchecked Sendable {
  private let lock = Lock()
  private var buffers: [[Float]] = []

  /// An array of `count` floats, whatever is in it.
  func take(count: Int) -> [Float] {
    let buffer = lock.withLock { buffers.popLast() }
    if let buffer, buffer.count == count { return buffer }
    return [Float](repeating: 0, count: count)
  }

  /// Keeps an array for the next `take`.
  func giveBack(_ buffer: consuming [Float]) {
    lock.lock()
    buffers.append(buffer)
    lock.unlock()
  }
}
