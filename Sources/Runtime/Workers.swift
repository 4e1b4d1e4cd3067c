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

  /// What is done for every part: a function and what it works on.
  typealias Body = @convention(c) (UnsafeRawPointer, Int, Int) -> Void

  /// Does every part, on any of the threads.
  func run(parts: Int, _ context: UnsafeRawPointer, _ body: Body) {
    #if !hasFeature(Embedded)
      if let pool {
        pool.run(parts: parts, context, body)
        return
      }
    #endif
    for part in 0..<parts { body(context, part, 0) }
  }
}
