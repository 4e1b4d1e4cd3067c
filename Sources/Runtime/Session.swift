import Kernel

/// Executes a program in memory that the caller owns.
///
/// Made once, run often: `run` allocates nothing. A session is not for several threads at once, but any
/// number of sessions may share a program. Inputs are read from the caller's memory and outputs written
/// to it, without a copy: each is bound before the first run.
public struct Session: ~Copyable {
  /// The size of the arena that a program needs, in bytes; nil where it is beyond what a program may have.
  public static func arenaSize(_ program: Program, batch: Int, threads: Int = 1) -> Int? {
    ArenaLayout(program, batch: batch, threads: threads)?.size
  }

  private var executor: Executor

  public var program: Program { executor.program }
  /// The number of pictures that each run takes.
  public var batch: Int { executor.batch }
  public var threads: Int { executor.workers.threads }

  /// A session in an arena that outlives it and begins at a multiple of 64.
  ///
  /// - Parameters:
  ///   - batch: The number of pictures in each run; at least 1.
  ///   - arena: At least `arenaSize(program, batch:threads:)` bytes, for the workers' number of threads.
  /// - Throws: `ProgramError.unsuitableArena`; `unsupportedMethod` where Winograd's method is asked for that
  ///   `kernels` do not have.
  public init(
    _ program: Program, batch: Int, arena: UnsafeMutableRawBufferPointer, kernels: KernelTable,
    workers: Workers = Workers()
  ) throws(ProgramError) {
    guard let layout = ArenaLayout(program, batch: batch, threads: workers.threads),
      arena.count >= layout.size, let base = arena.baseAddress, Int(bitPattern: base) % 64 == 0
    else { throw .unsuitableArena }
    if !kernels.hasWinograd {
      for index in 0..<program.header.operationCount {
        let operation = program.operation(index)
        if operation.kind == .convolution && operation.winogradTile > 0 { throw .unsupportedMethod }
      }
    }
    executor = Executor(
      program: program, batch: batch, arena: base, layout: layout, kernels: kernels,
      workers: workers)
    (base + layout.runCountOffset).storeBytes(of: 0, as: Int.self)
    for slot in 0...program.header.inputCount + program.header.outputCount {
      executor.bind(slot, nil)
    }
  }

  /// Where input `index` is read in the runs to come: a batch of it, unchanged meanwhile.
  public mutating func bindInput(_ index: Int, to memory: UnsafePointer<Float>) {
    precondition(index >= 0 && index < program.header.inputCount)
    executor.bind(index, UnsafeMutablePointer(mutating: memory))
  }

  /// Where output `index` is written in the runs to come: room for a batch of it.
  public mutating func bindOutput(_ index: Int, to memory: UnsafeMutablePointer<Float>) {
    precondition(index >= 0 && index < program.header.outputCount)
    executor.bind(program.header.inputCount + index, memory)
  }

  /// Whether every input and output was bound.
  public var isBound: Bool {
    for slot in 0..<program.header.inputCount + program.header.outputCount
    where !executor.isBound(slot) { return false }
    return true
  }

  /// The state that the runs to come read and change: `program.header.stateSize` bytes, which begin at a
  /// multiple of 64. Several sessions may share one, not at the same time.
  public mutating func bindState(_ memory: UnsafeMutableRawPointer) {
    precondition(Int(bitPattern: memory) % 64 == 0)
    executor.bind(
      program.header.inputCount + program.header.outputCount,
      memory.assumingMemoryBound(to: Float.self))
  }

  /// The values of a tensor for the whole batch: an input, an output or a tap.
  public func values(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    let tensor = program.tensor(index)
    precondition(
      tensor.placement != .local && tensor.placement != .part && tensor.type == .float32,
      "this value is gone after the run")
    return UnsafeMutableBufferPointer(
      start: executor.pointer(tensor, Part(first: 0, count: batch, thread: 0)),
      count: tensor.placement == .state ? tensor.count : tensor.count * batch)
  }

  /// Executes every operation once.
  ///
  /// Every input and output must have been bound.
  public func run() { executor.run() }

  /// The same, and notes when each operation ran.
  public func run(recording recorder: EventRecorder) {
    var executor = executor
    executor.recorder = recorder
    executor.run()
  }
}

/// Where the parts of an arena begin, in bytes.
///
/// The bound pointers, that of the state, the number of runs, the values of the whole batch, then for each thread the values
/// of a segment and the scratch memory.
struct ArenaLayout {
  let runCountOffset: Int
  let batchOffset: Int
  let threadsOffset: Int
  /// From one thread's memory to the next.
  let threadStride: Int
  let scratchOffset: Int
  let size: Int

  /// Nil where the sizes are not possible.
  init?(_ program: Program, batch: Int, threads: Int) {
    guard batch > 0, batch <= ProgramHeader.largestSize, threads > 0, threads < 1 << 16 else {
      return nil
    }
    let header = program.header
    runCountOffset = (header.inputCount + header.outputCount + 1) * 8
    batchOffset = ProgramHeader.aligned(runCountOffset + 8)
    let (values, overflow) = header.batchSize.multipliedReportingOverflow(by: batch)
    guard !overflow, values <= ProgramHeader.largestSize else { return nil }
    threadsOffset = batchOffset + values
    var largest = 0
    for index in 0..<header.segmentCount {
      let segment = program.segment(index)
      let pictures = segment.pictures < batch ? segment.pictures : batch
      let (local, overflow) = segment.localSize.multipliedReportingOverflow(by: pictures)
      guard !overflow, local <= ProgramHeader.largestSize else { return nil }
      if local > largest { largest = local }
    }
    scratchOffset = largest
    threadStride = ProgramHeader.aligned(largest + header.scratchSize)
    let (all, overflows) = threadStride.multipliedReportingOverflow(by: threads)
    guard !overflows, all <= ProgramHeader.largestSize else { return nil }
    // Gradients are read in whole vectors, beyond the last value, too.
    size = threadsOffset + all + (header.stateSize > 0 ? ProgramHeader.size : 0)
    guard size <= ProgramHeader.largestSize else { return nil }
  }
}

/// Some pictures of a batch, and the thread in whose memory they are worked on.
struct Part {
  var first: Int
  var count: Int
  var thread: Int
  /// The chunk that they are of, in a segment with chunks.
  var chunk: Int?
  /// Whether they are the first of their chunk.
  var beginsChunk = true
}
