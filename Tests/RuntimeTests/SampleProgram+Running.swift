import Kernel
import Runtime
import Testing

extension SampleProgram {
  /// The output for three pictures of rising numbers.
  func outputs(threads: Int) throws -> [Float] {
    let program = try program()
    let arena = AlignedMemory(
      count: try #require(Session.arenaSize(program, batch: 3, threads: threads)))
    var session = try Session(
      program, batch: 3, arena: arena.bytes, kernels: Processor.kernels(),
      workers: Workers(ThreadPool(threads: threads)))
    let memory = BoundMemory(&session)
    let input = session.values(Self.input)
    _ = input.update(fromContentsOf: Self.sequence(96, step: 0.5))
    session.run()
    defer { withExtendedLifetime((self, arena, memory)) {} }
    return Array(session.values(Self.output))
  }
}
