// The functions of `cnn.h` that run a model.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInterface
import Kernel
import Runtime

#if compiler(>=6.3)
  /// What lies at the beginning of an arena.
  struct PlacedSession: ~Copyable {
    var session: Session

    /// Its bytes; the program's arena follows.
    static var size: Int { (MemoryLayout<PlacedSession>.size + 63) & ~63 }

    /// The session of a handle; nil for null.
    static func of(_ handle: OpaquePointer?) -> UnsafeMutablePointer<PlacedSession>? {
      handle.map { UnsafeMutablePointer<PlacedSession>($0) }
    }

    /// The bytes of an arena, this included; nil where there cannot be so many.
    static func arenaSize(_ program: Program, batch: Int, threads: Int) -> Int? {
      guard batch > 0, let size = Session.arenaSize(program, batch: batch, threads: threads) else {
        return nil
      }
      return size + Self.size
    }
  }

  @c @implementation
  public func cnn_arena_size(
    _ model: UnsafePointer<cnn_model>?, _ batch: Int, _ threads: Int,
    _ size: UnsafeMutablePointer<Int>?
  ) -> cnn_status {
    guard let program = flatModel(model)?.program, let size else { return CNN_NULL_POINTER }
    #if hasFeature(Embedded)
      guard threads == 1 else { return CNN_WRONG_BATCH }
    #endif
    guard let bytes = PlacedSession.arenaSize(program, batch: batch, threads: threads) else {
      return CNN_WRONG_BATCH
    }
    size.pointee = bytes
    return CNN_OK
  }

  @c @implementation
  public func cnn_session_open(
    _ session: UnsafeMutablePointer<OpaquePointer?>?, _ model: UnsafePointer<cnn_model>?,
    _ batch: Int, _ threads: OpaquePointer?, _ arena: UnsafeMutableRawPointer?, _ size: Int
  ) -> cnn_status {
    guard let session, let program = flatModel(model)?.program, let arena else {
      return CNN_NULL_POINTER
    }
    let workers = workers(threads)
    guard
      let needed = PlacedSession.arenaSize(program, batch: batch, threads: workers.threads)
    else { return CNN_WRONG_BATCH }
    // A `size_t` beyond `Int` comes as a negative number.
    guard size < 0 || size >= needed else { return CNN_ARENA_TOO_SMALL }
    guard Int(bitPattern: arena) % 64 == 0 else { return CNN_ARENA_MISALIGNED }
    let kernels: KernelTable
    do throws(ProcessorError) { kernels = try Processor.kernels() } catch {
      return CNN_UNSUPPORTED_PROCESSOR
    }
    let memory = UnsafeMutableRawBufferPointer(
      start: arena + PlacedSession.size, count: needed - PlacedSession.size)
    do throws(ProgramError) {
      let placed = arena.bindMemory(to: PlacedSession.self, capacity: 1)
      placed.initialize(
        to: PlacedSession(
          session: try Session(
            program, batch: batch, arena: memory, kernels: kernels, workers: workers)))
      session.pointee = OpaquePointer(placed)
    } catch {
      return cnn_status(error)
    }
    return CNN_OK
  }

  @c @implementation
  public func cnn_session_close(_ session: OpaquePointer?) {
    PlacedSession.of(session)?.deinitialize(count: 1)
  }

  @c @implementation
  public func cnn_bind_input(
    _ session: OpaquePointer?, _ index: Int, _ values: UnsafePointer<Float>?
  ) -> cnn_status {
    guard let placed = PlacedSession.of(session), let values else { return CNN_NULL_POINTER }
    let count = placed.pointee.session.program.header.inputCount
    guard index >= 0 && index < count else { return CNN_NO_SUCH_INPUT }
    placed.pointee.session.bindInput(index, to: values)
    return CNN_OK
  }

  @c @implementation
  public func cnn_bind_output(
    _ session: OpaquePointer?, _ index: Int, _ values: UnsafeMutablePointer<Float>?
  ) -> cnn_status {
    guard let placed = PlacedSession.of(session), let values else { return CNN_NULL_POINTER }
    let count = placed.pointee.session.program.header.outputCount
    guard index >= 0 && index < count else { return CNN_NO_SUCH_OUTPUT }
    placed.pointee.session.bindOutput(index, to: values)
    return CNN_OK
  }

  @c @implementation
  public func cnn_run(_ session: OpaquePointer?) -> cnn_status {
    guard let placed = PlacedSession.of(session) else { return CNN_NULL_POINTER }
    guard placed.pointee.session.isBound else { return CNN_NOT_BOUND }
    placed.pointee.session.run()
    return CNN_OK
  }

  @c @implementation
  public func cnn_predict(
    _ session: OpaquePointer?, _ input: UnsafePointer<Float>?,
    _ output: UnsafeMutablePointer<Float>?
  ) -> cnn_status {
    var status = cnn_bind_input(session, 0, input)
    if status == CNN_OK { status = cnn_bind_output(session, 0, output) }
    return status == CNN_OK ? cnn_run(session) : status
  }

  @c @implementation
  public func cnn_values(
    _ session: OpaquePointer?, _ name: UnsafePointer<CChar>?,
    _ values: UnsafeMutablePointer<UnsafePointer<Float>?>?, _ count: UnsafeMutablePointer<Int>?
  ) -> cnn_status {
    guard let placed = PlacedSession.of(session), let name, let values else {
      return CNN_NULL_POINTER
    }
    guard let index = placed.pointee.session.program.visibleTensor(named: name) else {
      return CNN_NO_SUCH_TENSOR
    }
    guard placed.pointee.session.isBound else { return CNN_NOT_BOUND }
    let all = placed.pointee.session.values(index)
    values.pointee = UnsafePointer(all.baseAddress)
    count?.pointee = all.count
    return CNN_OK
  }

  @c @implementation
  public func cnn_selftest_size(
    _ model: UnsafePointer<cnn_model>?, _ size: UnsafeMutablePointer<Int>?
  ) -> cnn_status {
    guard let model = flatModel(model), let size else { return CNN_NULL_POINTER }
    guard model.hasTest else { return CNN_NO_TEST }
    guard let bytes = PlacedSession.arenaSize(model.program, batch: 1, threads: 1) else {
      return CNN_WRONG_BATCH
    }
    size.pointee = bytes + model.outputSize
    return CNN_OK
  }

  @c @implementation
  public func cnn_selftest(
    _ model: UnsafePointer<cnn_model>?, _ arena: UnsafeMutableRawPointer?, _ size: Int,
    _ difference: UnsafeMutablePointer<Float>?
  ) -> cnn_status {
    guard let file = flatModel(model), let arena else { return CNN_NULL_POINTER }
    var needed = 0
    var status = cnn_selftest_size(model, &needed)
    if status != CNN_OK { return status }
    guard size < 0 || size >= needed else { return CNN_ARENA_TOO_SMALL }
    // The outputs lie behind the session.
    let outputs = needed - file.outputSize
    var session: OpaquePointer?
    status = cnn_session_open(&session, model, 1, nil, arena, outputs)
    if status != CNN_OK { return status }
    defer { cnn_session_close(session) }
    for index in 0..<file.program.header.inputCount {
      status = cnn_bind_input(session, index, file.testInput(index).baseAddress)
      if status != CNN_OK { return status }
    }
    let values = (arena + outputs).assumingMemoryBound(to: Float.self)
    var offset = 0
    for index in 0..<file.program.header.outputCount {
      status = cnn_bind_output(session, index, values + offset)
      if status != CNN_OK { return status }
      offset += ProgramHeader.aligned(file.testOutput(index).count * 4) / 4
    }
    status = cnn_run(session)
    if status != CNN_OK { return status }
    let largest = file.largestDifference(values)
    difference?.pointee = largest
    return largest <= file.tolerance ? CNN_OK : CNN_TEST_FAILED
  }

  extension FlatModel {
    /// The bytes of the outputs for one picture, each filled up to a multiple of 64.
    fileprivate var outputSize: Int {
      var size = 0
      for index in 0..<program.header.outputCount {
        size += ProgramHeader.aligned(program.output(index).count * 4)
      }
      return size
    }

    /// The largest difference from the test's outputs of values that lie as `outputSize` counts them; where
    /// one of two is NaN and the other not, infinity.
    fileprivate func largestDifference(_ values: UnsafePointer<Float>) -> Float {
      var largest: Float = 0
      var offset = 0
      for index in 0..<program.header.outputCount {
        let expected = testOutput(index)
        for position in 0..<expected.count {
          let (a, b) = (values[offset + position], expected[position])
          if a == b || a.isNaN && b.isNaN { continue }
          let difference = (a - b).magnitude
          if !(difference <= largest) { largest = difference.isNaN ? .infinity : difference }
        }
        offset += ProgramHeader.aligned(expected.count * 4) / 4
      }
      return largest
    }
  }
#endif
