#if !hasFeature(Embedded)
  import CProcessor
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Darwin)
    import Darwin
  #endif

  /// Threads that share out the parts of a job with the thread that gives it.
  ///
  /// Parts are claimed one by one, so a thread that the system is slow to schedule takes fewer of them,
  /// and none is waited for that never came: on a busy machine the caller does the work by itself. Of a
  /// few parts, each thread begins with the same one in job after job, and so finds in its cache what it
  /// computed before. Between jobs a thread looks for the next one for some time, then sleeps.
  public final class ThreadPool: Sendable {
    /// The number of threads, the caller's included.
    public let threads: Int

    /// What there is to claim.
    private let ticket = Atomic<UInt64>(0)
    private let finished = Atomic<Int>(0)
    private let context = Atomic<UInt>(0)
    private let body = Atomic<UInt>(0)
    private let sleeping = Atomic<Int>(0)
    private let isStopping = Atomic<Bool>(false)
    nonisolated(unsafe) private let lock: UnsafeMutablePointer<pthread_mutex_t>
    nonisolated(unsafe) private let wake: UnsafeMutablePointer<pthread_cond_t>
    nonisolated(unsafe) private let handles: UnsafeMutableBufferPointer<pthread_t>

    /// What a job does: one part, by one of the threads. A function and what it works on, because a
    /// closure that others call would take memory for every job.
    public typealias Body =
      @convention(c) (
        _ context: UnsafeRawPointer, _ part: Int, _ thread: Int
      ) -> Void

    /// The most parts that a job may have.
    public static var maximumParts: Int { 0xffff }

    /// How often a thread looks for something to do before it sleeps.
    private static var spins: Int { 4000 }

    /// A pool of so many threads, of which the caller's is one; fewer where the system gives no more.
    public init(threads: Int) {
      lock = .allocate(capacity: 1)
      wake = .allocate(capacity: 1)
      pthread_mutex_init(lock, nil)
      pthread_cond_init(wake, nil)
      handles = .allocate(capacity: max(threads - 1, 0))
      self.threads = max(threads, 1)
      for index in handles.indices {
        let start = WorkerStart(pool: self, thread: index + 1)
        #if canImport(Glibc)
          var handle = pthread_t()
        #else
          var handle: pthread_t? = nil
        #endif
        let retained = Unmanaged.passRetained(start)
        let status = pthread_create(
          &handle, nil,
          { argument in
            #if canImport(Glibc)
              let raw = argument.unsafelyUnwrapped
            #else
              let raw = argument
            #endif
            let start = Unmanaged<WorkerStart>.fromOpaque(raw).takeRetainedValue()
            let (pool, thread) = (start.pool, start.thread)
            pool.takeUnretainedValue().work(thread)
            return nil
          }, retained.toOpaque())
        precondition(status == 0, "the system gives no more threads")
        #if canImport(Glibc)
          handles.initializeElement(at: index, to: handle)
        #else
          handles.initializeElement(at: index, to: handle.unsafelyUnwrapped)
        #endif
      }
    }

    deinit {
      isStopping.store(true, ordering: .sequentiallyConsistent)
      pthread_mutex_lock(lock)
      pthread_cond_broadcast(wake)
      pthread_mutex_unlock(lock)
      for handle in handles { pthread_join(handle, nil) }
      handles.deallocate()
      pthread_cond_destroy(wake)
      pthread_mutex_destroy(lock)
      wake.deallocate()
      lock.deallocate()
    }

    /// Does every part of a job, on all threads, and returns when all are done.
    ///
    /// Not to be called by several threads at once, nor from within a job.
    public func run(parts: Int, _ context: UnsafeRawPointer, _ body: Body) {
      if parts <= 1 || threads == 1 {
        for part in 0..<parts { body(context, part, 0) }
        return
      }
      assert(parts <= Self.maximumParts)
      finished.store(0, ordering: .relaxed)
      self.context.store(UInt(bitPattern: context), ordering: .relaxed)
      self.body.store(unsafeBitCast(body, to: UInt.self), ordering: .relaxed)
      let next = Ticket(bits: ticket.load(ordering: .relaxed)).next(parts: parts)
      ticket.store(next.bits, ordering: .sequentiallyConsistent)
      if sleeping.load(ordering: .sequentiallyConsistent) > 0 {
        pthread_mutex_lock(lock)
        pthread_cond_broadcast(wake)
        pthread_mutex_unlock(lock)
      }
      while claimAndRun(0) {}
      var spins = 0
      while finished.load(ordering: .acquiring) < parts {
        cnn_pause()
        spins += 1
        // Whoever has the last part may be waiting for this core.
        if spins % 2000 == 0 { sched_yield() }
      }
    }

    /// Claims a part and does it; false where none is left.
    private func claimAndRun(_ thread: Int) -> Bool {
      let seen = Ticket(bits: ticket.load(ordering: .acquiring))
      guard let (part, claimed) = seen.claim(first: seen.parts * thread / threads) else {
        return false
      }
      // Read before the claim: where it succeeds, the job is still the same.
      let context = context.load(ordering: .relaxed)
      let body = body.load(ordering: .relaxed)
      let (isMine, _) = ticket.compareExchange(
        expected: seen.bits, desired: claimed.bits, ordering: .acquiringAndReleasing)
      if isMine {
        let context = UnsafeRawPointer(bitPattern: context).unsafelyUnwrapped
        unsafeBitCast(body, to: Body.self)(context, part, thread)
        finished.wrappingAdd(1, ordering: .releasing)
      }
      return true
    }

    private var hasWork: Bool {
      Ticket(bits: ticket.load(ordering: .sequentiallyConsistent)).hasParts
        || isStopping.load(ordering: .sequentiallyConsistent)
    }

    private func work(_ thread: Int) {
      var spins = 0
      while !isStopping.load(ordering: .relaxed) {
        if claimAndRun(thread) {
          spins = 0
          continue
        }
        spins += 1
        if spins < Self.spins {
          cnn_pause()
          continue
        }
        pthread_mutex_lock(lock)
        sleeping.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while !hasWork { pthread_cond_wait(wake, lock) }
        sleeping.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(lock)
        spins = 0
      }
    }
  }

  /// A job's number in the upper 32 bits, the number of its parts in the next 16, and in the last 16 which
  /// parts are claimed: a bit for each of up to 16, else how many.
  private struct Ticket {
    var bits: UInt64

    var parts: Int { Int(bits >> 16 & 0xffff) }

    private var claimed: UInt64 { bits & 0xffff }

    private static var mostBits: Int { 16 }

    var hasParts: Bool {
      parts <= Self.mostBits ? claimed != (1 << UInt64(parts)) - 1 : Int(claimed) < parts
    }

    /// The next job's, of which nothing is claimed.
    func next(parts: Int) -> Ticket {
      Ticket(bits: (bits >> 32 &+ 1) << 32 | UInt64(parts) << 16)
    }

    /// A part that is not claimed, and the ticket with it claimed: `first`, or the next after it.
    func claim(first: Int) -> (part: Int, ticket: Ticket)? {
      guard hasParts else { return nil }
      if parts > Self.mostBits { return (Int(claimed), Ticket(bits: bits + 1)) }
      var part = first
      while claimed >> UInt64(part) & 1 != 0 { part = part + 1 == parts ? 0 : part + 1 }
      return (part, Ticket(bits: bits | 1 << UInt64(part)))
    }
  }

  /// What a new thread is told. The pool is not kept by its threads: it ends them when it is let go.
  private final class WorkerStart: Sendable {
    let pool: Unmanaged<ThreadPool>
    let thread: Int

    init(pool: ThreadPool, thread: Int) {
      self.pool = Unmanaged.passUnretained(pool)
      self.thread = thread
    }
  }
#endif
