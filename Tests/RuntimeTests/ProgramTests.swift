import Kernel
import Runtime
import Testing

struct ProgramTests {
  @Test func validProgramIsRead() throws {
    let sample = SampleProgram()
    let program = try sample.program()
    #expect(program.header.tensorCount == 10 && program.header.operationCount == 10)
    #expect(program.input(0).count == 32 && program.output(0).count == 3)
    #expect(program.tensor(0).role == .input && program.tensor(9).role == .output)
    #expect(String(decoding: program.name(program.tensor(7)), as: UTF8.self) == SampleProgram.name)
    #expect(program.name(program.tensor(0)).isEmpty)
    withExtendedLifetime(sample) {}
  }

  @Test func trailingBytesAreIgnored() throws {
    let sample = SampleProgram()
    let longer = AlignedMemory(count: sample.bytes.count + 100)
    longer.bytes.copyMemory(from: sample.bytes)
    _ = try Program(validating: UnsafeRawBufferPointer(longer.bytes))
  }

  @Test(arguments: 0..<8)
  func anotherMagicIsRefused(byte: Int) {
    let sample = SampleProgram()
    sample.memory.bytes[byte] ^= 1
    #expect(throws: ProgramError.notAProgram) { try sample.program() }
  }

  @Test func otherVersionsAreRefused() {
    for (version, error) in [
      (0, ProgramError.olderVersion), (ProgramHeader.currentVersion - 1, .olderVersion),
      (ProgramHeader.currentVersion + 1, .newerVersion), (.max, .newerVersion),
    ] as [(UInt32, ProgramError)] {
      let sample = SampleProgram()
      sample.memory.bytes.storeBytes(of: version.littleEndian, toByteOffset: 8, as: UInt32.self)
      #expect(throws: error) { try sample.program() }
    }
  }

  @Test func everyTruncationIsRefused() {
    let sample = SampleProgram()
    for count in 0..<sample.bytes.count {
      // Exactly so much memory, so that AddressSanitizer sees what is read beyond it.
      let part = AlignedMemory(count: count)
      part.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: sample.bytes[..<count]))
      #expect(throws: ProgramError.truncated) {
        try Program(validating: UnsafeRawBufferPointer(part.bytes))
      }
    }
    #expect(throws: ProgramError.truncated) {
      try Program(validating: UnsafeRawBufferPointer(start: nil, count: 0))
    }
  }

  @Test(arguments: [1, 4, 16, 32])
  func misalignedBytesAreRefused(offset: Int) {
    let sample = SampleProgram()
    let moved = AlignedMemory(count: sample.bytes.count + offset)
    let part = UnsafeMutableRawBufferPointer(rebasing: moved.bytes[offset...])
    part.copyMemory(from: sample.bytes)
    #expect(throws: ProgramError.misaligned) {
      try Program(validating: UnsafeRawBufferPointer(part))
    }
  }

  @Test func countsBeyondTheEndAreRefused() {
    let change: [(inout ProgramHeader) -> Void] = [
      { $0.tensorCount = 1 << 31 }, { $0.operationCount = 1 << 31 }, { $0.namesSize = 1 << 31 },
      { $0.constantsSize = 1 << 48 },
    ]
    for change in change {
      let sample = SampleProgram()
      var header = sample.header
      change(&header)
      header.write(to: sample.memory.bytes.baseAddress!)
      #expect(throws: ProgramError.truncated) { try sample.program() }
    }
  }

  @Test func unsuitableValueSizesAreRefused() {
    for size in [0, 32, 1 << 49, 65] {
      let sample = SampleProgram()
      var header = sample.header
      header.batchSize = size
      header.write(to: sample.memory.bytes.baseAddress!)
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
  }

  /// Any byte of a valid program changed to any other, some at a time: it is refused, or it runs within
  /// its memory. Only AddressSanitizer or a crash would tell otherwise.
  @Test(arguments: 0..<4)
  func mutatedProgramsNeverCrash(seed: UInt64) throws {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let sample = SampleProgram()
    let kernels = try Processor.kernels()
    // Mutated constants change no index: nearly all mutations go to what is before them.
    let interesting = sample.header.constantsOffset
    for _ in 0..<2000 {
      let copy = AlignedMemory(sample.memory)
      for _ in 0...random(3) {
        let byte = random(random(20) == 0 ? copy.bytes.count : interesting)
        let flipped = copy.bytes[byte] ^ UInt8(1 << random(8))
        copy.bytes[byte] = [flipped, 0, 1, 0x7f, 0x80, 0xff][random(6)]
      }
      guard let program = try? Program(validating: UnsafeRawBufferPointer(copy.bytes)),
        let size = Session.arenaSize(program, batch: 2), size < 1 << 20
      else { continue }
      let arena = AlignedMemory(count: size)
      var session = try Session(program, batch: 2, arena: arena.bytes, kernels: kernels)
      let memory = BoundMemory(&session)
      session.run()
      withExtendedLifetime((copy, arena, memory)) {}
    }
  }
}
