import Kernel
import Runtime
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct SessionTests {
  @Test(arguments: testedSets, [(1, 1), (3, 1), (1, 2), (7, 3)])
  func programIsExecuted(_ set: InstructionSet, _ size: (batch: Int, threads: Int)) throws {
    let (batch, threads) = size
    let sample = SampleProgram()
    let program = try sample.program()
    let arena = AlignedMemory(
      count: try #require(Session.arenaSize(program, batch: batch, threads: threads)))
    var session = try Session(
      program, batch: batch, arena: arena.bytes, kernels: Processor.kernels(for: set),
      workers: Workers(ThreadPool(threads: threads)))
    let memory = BoundMemory(&session)
    let pictures = (0..<batch).map { SampleProgram.sequence(32, step: 0.5 + Float($0)) }
    // The second run finds the arena as the first left it.
    for _ in 0..<2 {
      let input = session.values(SampleProgram.input)
      #expect(input.count == 32 * batch)
      _ = input.update(fromContentsOf: pictures.flatMap { $0 })
      session.run()
      let output = session.values(SampleProgram.output)
      #expect(output.count == 3 * batch)
      for (index, exact) in pictures.flatMap({ expected($0) }).enumerated() {
        #expect(abs(Double(output[index]) - exact) < 1e-6)
      }
    }
    withExtendedLifetime((sample, arena, memory)) {}
  }

  @Test func unsuitableArenasAreRefused() throws {
    let sample = SampleProgram()
    let program = try sample.program()
    let size = try #require(Session.arenaSize(program, batch: 2))
    let arena = AlignedMemory(count: size + 64)
    let kernels = try Processor.kernels()
    let all = arena.bytes
    let tooSmall = UnsafeMutableRawBufferPointer(rebasing: all[..<(size - 1)])
    let misaligned = UnsafeMutableRawBufferPointer(rebasing: all[4..<(size + 4)])
    let none = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    for (arena, batch) in [
      (tooSmall, 2), (misaligned, 2), (none, 2), (all, 0), (all, -1), (all, 99),
    ] {
      #expect(throws: ProgramError.unsuitableArena) {
        _ = try Session(program, batch: batch, arena: arena, kernels: kernels)
      }
    }
    _ = try Session(
      program, batch: 2, arena: UnsafeMutableRawBufferPointer(rebasing: all[..<size]),
      kernels: kernels)
    withExtendedLifetime((sample, arena)) {}
  }

  @Test func arenasBeyondAllMemoryHaveNoSize() throws {
    let sample = SampleProgram()
    let program = try sample.program()
    #expect(Session.arenaSize(program, batch: .max) == nil)
    #expect(Session.arenaSize(program, batch: 1 << 45) == nil)
    withExtendedLifetime(sample) {}
  }

  /// What the sample program computes, in double precision.
  private func expected(_ picture: [Float]) -> [Double] {
    func constant(_ values: [Float], _ index: Int) -> Double { Double(values[index]) }
    func convolved(_ y: Int, _ x: Int, _ output: Int) -> Double {
      var sum = constant(SampleProgram.bias, output)
      for row in max(0, y - 1)...min(3, y + 1) {
        for column in max(0, x - 1)...min(3, x + 1) {
          for channel in 0..<2 {
            let tap = ((row - y + 1) * 3 + column - x + 1) * 2 + channel
            sum +=
              Double(picture[(row * 4 + column) * 2 + channel])
              * constant(SampleProgram.kernel, tap * 16 + output)
          }
        }
      }
      return max(sum, 0)
    }
    let scores = (0..<3).map { channel -> Double in
      let scale = constant(SampleProgram.scale, channel)
      let shift = constant(SampleProgram.shift, channel)
      var sum = 0.0
      for y in 0..<2 {
        let sigmoids = (0..<2).map { x -> Double in
          let window = [(0, 0), (0, 1), (1, 0), (1, 1)]
          let largest = window.map { convolved(2 * y + $0.0, 2 * x + $0.1, channel) }.max()!
          return 1 / (1 + exp(-(largest * scale + shift)))
        }
        var row = constant(SampleProgram.bias, channel)
        row += sigmoids[0] * constant(SampleProgram.depthwise, channel)
        row += sigmoids[1] * constant(SampleProgram.depthwise, 16 + channel)
        sum += row * scale + shift + 0.5 + sigmoids[0] + sigmoids[1]
      }
      return sum / 4
    }
    let total = scores.reduce(0) { $0 + exp($1) }
    return scores.map { exp($0) / total }
  }
}
