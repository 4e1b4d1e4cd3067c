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
  private static var shortestShared: Int { 7_000 }

  func bind(_ slot: Int, _ memory: UnsafeMutablePointer<Float>?) {
    arena.storeBytes(of: memory, toByteOffset: slot * 8, as: UnsafeMutablePointer<Float>?.self)
  }

  func isBound(_ slot: Int) -> Bool {
    arena.load(fromByteOffset: slot * 8, as: UnsafeMutablePointer<Float>?.self) != nil
  }

  /// The state: bound behind the inputs and outputs.
  var state: UnsafeMutableRawPointer {
    arena.load(
      fromByteOffset: (program.header.inputCount + program.header.outputCount) * 8,
      as: UnsafeMutableRawPointer.self)
  }

  /// Constants of an operation, or a value of the state in their place; nil where it has none.
  func constants(_ offset: UInt64) -> UnsafePointer<Float>? {
    guard let index = Operation.referencedTensor(offset) else { return program.constants(offset) }
    return UnsafePointer(pointer(program.tensor(index), Part(first: 0, count: 1, thread: 0)))
  }

  /// Where some pictures of a value lie that is floats.
  func pointer(_ tensor: TensorRecord, _ part: Part) -> UnsafeMutablePointer<Float> {
    address(tensor, part).assumingMemoryBound(to: Float.self)
  }

  /// Where some pictures of a value lie.
  func address(_ tensor: TensorRecord, _ part: Part) -> UnsafeMutableRawPointer {
    switch tensor.placement {
    case .bound:
      arena.load(fromByteOffset: tensor.offset * 8, as: UnsafeMutableRawPointer.self)
        + part.first * tensor.byteCount
    case .batch:
      arena + (layout.batchOffset + tensor.offset * batch + part.first * tensor.byteCount)
    case .local:
      arena
        + (layout.threadsOffset + part.thread * layout.threadStride + tensor.offset * part.count)
    case .band: preconditionFailure("the rows in a band are each thread's own")
    case .state: state + tensor.offset
    case .part: address(program.tensor(tensor.whole), part) + tensor.offset
    }
  }

  // Of one operation, without the rest of the record on the caller's stack.

  @inline(never)
  func geometry(at index: Int) -> WindowGeometry { program.operation(index).window.geometry }

  @inline(never)
  func weightType(at index: Int) -> ElementType { program.operation(index).weightType }

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
      first += segment.operationCount
      #if !hasFeature(Embedded)
        if segment.chunks > 0 {
          let job = ChunkJob(executor: self, operations: operations, segment: segment)
          withUnsafePointer(to: job) {
            workers.run(parts: segment.chunks, $0) { context, chunk, thread in
              context.assumingMemoryBound(to: ChunkJob.self).pointee.run(chunk, thread)
            }
          }
          continue
        }
      #endif
      let threads = workers.threads
      // With enough pictures each thread takes some of them through the whole segment. Not where the
      // weights are read for many pictures at once: there the threads share the weights out.
      let perThread = (batch + threads - 1) / threads
      if threads > 1 && batch >= threads && !segment.sharesWeights(perThread) && !segment.isWhole {
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
          var index = operations.lowerBound
          while index < operations.upperBound { index += runShared(index, pictures) }
        }
      }
    }
  }

  /// Runs an operation, or the band that begins with it, on this thread; returns how many they were.
  fileprivate func run(_ index: Int, _ part: Part) -> Int {
    execute(index, part, Share(part: 0, parts: 1, thread: part.thread))
  }

  /// Runs an operation, or the band that begins with it, on all threads, where it is long enough;
  /// returns how many they were.
  private func runShared(_ index: Int, _ part: Part) -> Int {
    let parts = workers.threads == 1 ? 1 : sharedParts(index, part.count)
    if parts == 1 { return run(index, part) }
    let job = OperationJob(executor: self, index: index, pictures: part, parts: parts)
    withUnsafePointer(to: job) {
      workers.run(parts: parts, $0) { context, part, thread in
        context.assumingMemoryBound(to: OperationJob.self).pointee.run(part, thread)
      }
    }
    return max(program.bandLength(at: index), 1)
  }

  /// Executes a share of an operation, or of the band that begins with it; returns how many they were.
  fileprivate func execute(_ index: Int, _ part: Part, _ share: Share) -> Int {
    if program.bandLength(at: index) > 0 { return executeBand(at: index, part, share) }
    let begin = recorder?.now ?? 0
    switch program.kind(at: index) {
    // By themselves, so that what takes the most stack begins with little of it in use.
    case .convolution, .trackedConvolution: executeConvolution(at: index, part, share)
    case .transposedConvolution: executeTransposedConvolution(at: index, part, share)
    default: executeOperation(at: index, part, share)
    }
    recorder?.note(index, share.thread, since: begin)
    return 1
  }

  /// In how many parts an operation is shared out: as many for each thread, none shorter than is worth
  /// it.
  private func sharedParts(_ index: Int, _ pictures: Int) -> Int {
    let work = work(index, pictures)
    guard work.nanoseconds >= Self.shortestShared else { return 1 }
    let threads = workers.threads
    var perThread = work.nanoseconds / (Self.shortestShared / 2) / threads
    if perThread > work.partsPerThread { perThread = work.partsPerThread }
    let parts = perThread > 1 ? perThread * threads : threads
    return work.units < parts ? max(work.units, 1) : parts
  }
}

extension Executor {
  /// What an operation, or the band that begins with it, is for some pictures.
  private func work(_ index: Int, _ pictures: Int) -> OperationWork {
    func work(_ index: Int) -> OperationWork {
      let operation = program.operation(index)
      let output = program.tensor(Int(operation.output))
      let isOfState = program.tensor(Int(operation.input)).placement == .state
      return operation.work(pictures: isOfState ? 1 : pictures, output: output.count)
    }
    var result = work(index)
    let length = program.bandLength(at: index)
    guard length > 0 else { return result }
    for position in index + 1..<index + length { result.nanoseconds += work(position).nanoseconds }
    // The rows where two parts meet are computed by both.
    result.units = program.operation(index + length - 1).window.geometry.outputHeight / 4
    result.partsPerThread = 1
    return result
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
    var index = operations.lowerBound
    while index < operations.upperBound { index += executor.run(index, pictures) }
  }
}

#if !hasFeature(Embedded)
  /// A segment's operations for one of its chunks each.
  private struct ChunkJob {
    let executor: Executor
    let operations: Range<Int>
    let segment: SegmentRecord

    func run(_ chunk: Int, _ thread: Int) {
      let begin = executor.batch * chunk / segment.chunks
      let end = executor.batch * (chunk + 1) / segment.chunks
      var part = Part(first: begin, count: 0, thread: thread, chunk: chunk)
      // Once where the chunk is empty, too: its sums become zero.
      repeat {
        part.count = min(segment.pictures, end - part.first)
        part.beginsChunk = part.first == begin
        var index = operations.lowerBound
        while index < operations.upperBound {
          let isLeftOut = part.count == 0 && !executor.program.operation(index).isAddedUp
          index += isLeftOut ? 1 : executor.run(index, part)
        }
        part.first += part.count
      } while part.first < end
    }
  }
#endif

/// One operation, or band, a share of its work each.
private struct OperationJob {
  let executor: Executor
  let index: Int
  let pictures: Part
  let parts: Int

  func run(_ part: Int, _ thread: Int) {
    _ = executor.execute(index, pictures, Share(part: part, parts: parts, thread: thread))
  }
}
