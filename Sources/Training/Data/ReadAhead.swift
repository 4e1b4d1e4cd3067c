#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Threads that read the items of an epoch in its order, as far ahead as there are slots for them.
///
/// The items are numbered by their position in the epoch's order. Each position has its slot, so that what
/// is where depends on no thread. Reading happens outside of the lock: a slot belongs to the thread that
/// claimed its position until the state says that it is read, and then to the loader until released.
final class ReadAhead: @unchecked Sendable {
  /// How far an item is.
  enum State {
    case reading
    case read
    case failed(any Error)
  }

  /// Where the items are read to.
  let memory: BatchMemory

  private let dataSet: any DataSet
  private let random: CounterRandom
  private let isVaried: Bool

  private let lock = Lock()
  private let hasRoom: Condition
  private let isRead: Condition
  // What follows is guarded by the lock.
  private var order: [Int]
  private var epochRandom: CounterRandom
  private var states: [State]
  /// The position in slot 0 when the epoch began.
  private var first = 0
  /// The next position to be read.
  private var claimed = 0
  /// The first position whose slot is still needed.
  private var released = 0
  /// Positions from here on are not read.
  private var end = 0
  private var reading = 0
  /// The position that the loader waits for; nil while it does not.
  private var awaited: Int?
  private var isStopping = false
  private var threads: [pthread_t] = []

  /// A reader of `dataSet` into `memory`, with so many threads.
  init(_ dataSet: any DataSet, into memory: BatchMemory, seed: UInt64, isVaried: Bool, threads: Int)
  {
    self.dataSet = dataSet
    self.memory = memory
    self.isVaried = isVaried
    random = CounterRandom(key: seed)
    epochRandom = random
    hasRoom = Condition(lock)
    isRead = Condition(lock)
    order = Array(0..<dataSet.count)
    states = Array(repeating: .reading, count: memory.slots)
    for _ in 0..<max(threads, 1) { startThread() }
  }

  /// The slot of a position.
  ///
  /// - Precondition: called by the thread that calls `start`, or under the lock.
  func slot(of position: Int) -> Int { (position - first) % memory.slots }

  /// Which item of the data set is at a position of the epoch's order.
  ///
  /// - Precondition: called by the thread that calls `start`, or under the lock.
  func index(at position: Int) -> Int { order[position] }

  /// Begins to read an epoch at a position; what was being read before is given up.
  func start(epoch: Int, at position: Int, shuffles: Bool) {
    lock.lock()
    defer { lock.unlock() }
    end = 0
    while reading > 0 { isRead.wait() }
    epochRandom = random.part(UInt64(bitPattern: Int64(epoch)))
    for index in order.indices { order[index] = index }
    // The number is one that no item has.
    if shuffles { epochRandom.part(.max).shuffle(&order) }
    first = position
    claimed = position
    released = position
    end = order.count
    hasRoom.broadcast()
  }

  /// How the item at a position turned out, as soon as it has been read; nil beyond the last one.
  func state(at position: Int) -> State? {
    lock.lock()
    defer { lock.unlock() }
    guard position < end else { return nil }
    while true {
      if claimed > position {
        switch states[slot(of: position)] {
        case .reading: break
        case let state: return state
        }
      }
      awaited = position
      isRead.wait()
      awaited = nil
    }
  }

  /// Says that the slots of all positions before this one may be read to again.
  func release(before position: Int) {
    lock.lock()
    defer { lock.unlock() }
    guard position > released else { return }
    released = position
    hasRoom.broadcast()
  }

  /// Ends the threads, and returns when they have ended.
  func stop() {
    lock.withLock {
      isStopping = true
      hasRoom.broadcast()
    }
    for thread in threads { pthread_join(thread, nil) }
  }

  private func startThread() {
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(
      &thread, nil,
      { argument in
        #if canImport(Darwin)
          let reader = Unmanaged<ReadAhead>.fromOpaque(argument).takeRetainedValue()
        #else
          let reader = Unmanaged<ReadAhead>.fromOpaque(argument!).takeRetainedValue()
        #endif
        reader.work()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(status == 0, "the system gives no more threads")
    #if canImport(Darwin)
      threads.append(thread!)
    #else
      threads.append(thread)
    #endif
  }

  private func work() {
    lock.lock()
    defer { lock.unlock() }
    while true {
      while !isStopping, claimed >= end || claimed - released >= memory.slots { hasRoom.wait() }
      if isStopping { return }
      let position = claimed
      claimed += 1
      reading += 1
      let (index, slot) = (order[position], slot(of: position))
      let variation = isVaried ? epochRandom[UInt64(index)] : nil
      states[slot] = .reading
      lock.unlock()
      let state = read(index, variation: variation, to: slot)
      lock.lock()
      states[slot] = state
      reading -= 1
      if awaited == position || (end == 0 && reading == 0) { isRead.signal() }
    }
  }

  private func read(_ index: Int, variation: UInt64?, to slot: Int) -> State {
    var input = memory.inputs(at: slot, count: 1).mutableSpan
    var target = memory.targets(at: slot, count: 1).mutableSpan
    do {
      try dataSet.read(index, variation: variation, input: &input, target: &target)
      return .read
    } catch {
      return .failed(error)
    }
  }
}
