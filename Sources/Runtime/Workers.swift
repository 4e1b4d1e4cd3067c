/// Who does the work: the calling thread, or a pool of threads.
public struct Workers: Sendable {
  #if !hasFeature(Embedded)
    private let pool: ThreadPool?

    /// The threads of a pool, which sessions that do not run at the same time may share.
    public init(_ pool: ThreadPool) { self.pool = pool }
  #endif

  /// The calling thread alone.
  public init() {
    #if !hasFeature(Embedded)
      pool = nil
    #endif
  }

  public var threads: Int {
    #if hasFeature(Embedded)
      1
    #else
      pool?.threads ?? 1
    #endif
  }

  /// Calls `body` for every part, on any of the threads.
  func run(parts: Int, _ body: (_ part: Int, _ thread: Int) -> Void) {
    #if !hasFeature(Embedded)
      if let pool {
        pool.run(parts: parts, body)
        return
      }
    #endif
    for part in 0..<parts { body(part, 0) }
  }
}
