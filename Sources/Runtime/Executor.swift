import Kernel

/// Goes through a program's segments and operations, and shares them out to the workers.
struct Executor {
  let program: Program
  let batch: Int
  let arena: UnsafeMutableRawPointer
  let layout: ArenaLayout
  let kernels: KernelTable
  let workers: Workers
  var recorder: EventRecorder?

  /// The time in nanoseconds below which sharing an operation out costs more than it saves.
  private static var shortestShared: Int { 10_000 }

  func bind(_ slot: Int, _ memory: UnsafeMutablePointer<Float>) {
    arena.storeBytes(of: memory, toByteOffset: slot * 8, as: UnsafeMutablePointer<Float>.self)
  }

  /// Where some pictures of a value lie.
  func pointer(_ tensor: TensorRecord, _ part: Part) -> UnsafeMutablePointer<Float> {
    switch tensor.placement {
    case .bound:
      arena.load(fromByteOffset: tensor.offset * 8, as: UnsafeMutablePointer<Float>.self)
        + part.first * tensor.count
    case .batch:
      (arena + (layout.batchOffset + tensor.offset * batch)).assumingMemoryBound(to: Float.self)
        + part.first * tensor.count
    case .local:
      (arena
        + (layout.threadsOffset + part.thread * layout.threadStride + tensor.offset * part.count))
        .assumingMemoryBound(to: Float.self)
    }
  }

  /// The scratch memory of a thread.
  func scratch(_ thread: Int) -> UnsafeMutablePointer<Float> {
    (arena + (layout.threadsOffset + thread * layout.threadStride + layout.scratchOffset))
      .assumingMemoryBound(to: Float.self)
  }

  /// The number of runs until now.
  private var runCount: UnsafeMutablePointer<Int> {
    (arena + layout.runCountOffset).assumingMemoryBound(to: Int.self)
  }

  /// Whether dense layers begin with their last weights: in every other run.
  var isBackward: Bool { runCount.pointee & 1 == 1 }

  func run() {
    defer { runCount.pointee &+= 1 }
    var first = 0
    for index in 0..<program.header.segmentCount {
      let segment = program.segment(index)
      let operations = first..<first + segment.operationCount
      let threads = workers.threads
      // With enough pictures each thread takes some of them through the whole segment. Not where the
      // weights are read for many pictures at once: there the threads share the weights out.
      let perThread = (batch + threads - 1) / threads
      if threads > 1 && batch >= threads && !segment.sharesWeights(perThread) {
        let most = segment.pictures < perThread ? segment.pictures : perThread
        let parts = (batch + most - 1) / most
        let job = PictureJob(executor: self, operations: operations, parts: parts)
        withUnsafePointer(to: job) {
          workers.run(parts: parts, $0) { context, part, thread in
            context.assumingMemoryBound(to: PictureJob.self).pointee.run(part, thread)
          }
        }
      } else {
        let most = segment.pictures < batch ? segment.pictures : batch
        let parts = (batch + most - 1) / most
        for part in 0..<parts {
          let begin = batch * part / parts
          let pictures = Part(first: begin, count: batch * (part + 1) / parts - begin, thread: 0)
          for operation in operations { runShared(operation, pictures) }
        }
      }
      first += segment.operationCount
    }
  }

  /// Runs an operation on this thread.
  fileprivate func run(_ index: Int, _ part: Part) {
    let begin = recorder?.now ?? 0
    let operation = program.operation(index)
    execute(operation, part, Share(part: 0, parts: 1, thread: part.thread))
    recorder?.note(index, part.thread, since: begin)
  }

  /// Runs an operation on all threads, where it is long enough.
  private func runShared(_ index: Int, _ part: Part) {
    let operation = program.operation(index)
    let parts = workers.threads == 1 ? 1 : sharedParts(operation, part.count)
    if parts == 1 {
      run(index, part)
      return
    }
    let job = OperationJob(executor: self, index: index, pictures: part, parts: parts)
    withUnsafePointer(to: job) {
      workers.run(parts: parts, $0) { context, part, thread in
        context.assumingMemoryBound(to: OperationJob.self).pointee.run(part, thread)
      }
    }
  }

  /// In how many parts an operation is shared out: as many for each thread, none shorter than is worth
  /// it.
  private func sharedParts(_ operation: Operation, _ pictures: Int) -> Int {
    let work = operation.work(
      pictures: pictures, output: program.tensor(Int(operation.output)).count)
    guard work.nanoseconds >= Self.shortestShared else { return 1 }
    let threads = workers.threads
    var perThread = work.nanoseconds / (Self.shortestShared / 2) / threads
    if perThread > work.partsPerThread { perThread = work.partsPerThread }
    let parts = perThread > 1 ? perThread * threads : threads
    return work.units < parts ? max(work.units, 1) : parts
  }
}

/// A part of an operation's work, and the thread that does it.
struct Share {
  var part: Int
  var parts: Int
  var thread: Int

  func of(_ count: Int) -> WorkRange { WorkRange(0, count).part(part, of: parts) }
}

/// A segment's operations for a part of the batch's pictures each.
private struct PictureJob {
  let executor: Executor
  let operations: Range<Int>
  let parts: Int

  func run(_ part: Int, _ thread: Int) {
    let begin = executor.batch * part / parts
    let pictures = Part(
      first: begin, count: executor.batch * (part + 1) / parts - begin, thread: thread)
    for operation in operations { executor.run(operation, pictures) }
  }
}

/// One operation, a share of its work each.
private struct OperationJob {
  let executor: Executor
  let index: Int
  let pictures: Part
  let parts: Int

  func run(_ part: Int, _ thread: Int) {
    let begin = executor.recorder?.now ?? 0
    executor.execute(
      executor.program.operation(index), pictures,
      Share(part: part, parts: parts, thread: thread))
    executor.recorder?.note(index, thread, since: begin)
  }
}
