import Kernel
import Runtime
import Testing

@Suite struct FlatModelTests {
  /// The sample program as a file, with a test whose values count up.
  private static func file(hasTest: Bool = true) throws -> AlignedMemory {
    let sample = SampleProgram()
    let program = try sample.program()
    let testSize = hasTest ? FlatModel.testSize(program) : 0
    let programEnd = FlatModel.headerSize + ProgramHeader.aligned(sample.bytes.count)
    let memory = AlignedMemory(count: programEnd + testSize)
    let base = memory.bytes.baseAddress!
    FlatModel.writeHeader(
      to: base, programSize: sample.bytes.count, testSize: testSize, tolerance: 0.25)
    (base + FlatModel.headerSize).copyMemory(
      from: sample.bytes.baseAddress!, byteCount: sample.bytes.count)
    for index in 0..<testSize / 4 {
      (base + programEnd).storeBytes(of: Float(index), toByteOffset: index * 4, as: Float.self)
    }
    seal(memory)
    return memory
  }

  private static func seal(_ memory: AlignedMemory) {
    let base = memory.bytes.baseAddress!
    var checksum = FlatModel.checksum(ofHeader: base)
    checksum.add(UnsafeRawBufferPointer(rebasing: memory.bytes[FlatModel.headerSize...]))
    FlatModel.writeChecksum(checksum, to: base)
  }

  private static func open(_ memory: AlignedMemory) throws(ProgramError) -> FlatModel {
    try FlatModel(validating: UnsafeRawBufferPointer(memory.bytes))
  }

  @Test func aFileIsRead() throws {
    let memory = try Self.file()
    let file = try Self.open(memory)
    #expect(file.program.header.operationCount == 10)
    #expect(file.hasTest && file.tolerance == 0.25)
    #expect(Array(file.testInput(0)) == (0..<32).map { Float($0) })
    #expect(Array(file.testOutput(0)) == [32, 33, 34])
    #expect(try Self.open(try Self.file(hasTest: false)).hasTest == false)
    withExtendedLifetime(memory) {}
  }

  /// The value that NumPy computes, as docs/model-format.md says.
  @Test func theChecksumIsTheDocumentedOne() {
    var bytes = (0..<192).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
    var checksum = Checksum()
    bytes.withUnsafeBytes { checksum.add($0) }
    #expect(checksum.value == 0x66c0_c417_5168_4855)
    bytes[100] ^= 1
    var other = Checksum()
    bytes.withUnsafeBytes { other.add($0) }
    #expect(other.value != checksum.value)
  }

  @Test func everyChangedByteIsNoticed() throws {
    let good = try Self.file()
    for index in good.bytes.indices {
      let memory = AlignedMemory(good)
      memory.bytes[index] ^= 0x10
      let expected: ProgramError? =
        switch index {
        case 0..<8: .notAProgram
        case 8..<12: .newerVersion
        case 12..<16: .wrongByteOrder
        case 16..<24, 32..<48: nil
        default: .wrongChecksum
        }
      let error = #expect(throws: ProgramError.self) { try Self.open(memory) }
      if let expected { #expect(error == expected, "byte \(index)") }
    }
  }

  @Test func everyTruncationIsRefused() throws {
    let good = try Self.file()
    for count in 0..<good.bytes.count {
      let part = AlignedMemory(count: count)
      part.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: good.bytes[..<count]))
      #expect(throws: ProgramError.truncated) { try Self.open(part) }
    }
  }

  @Test func misalignedBytesAreRefused() throws {
    let good = try Self.file()
    let moved = AlignedMemory(count: good.bytes.count + 16)
    let part = UnsafeMutableRawBufferPointer(rebasing: moved.bytes[16...])
    part.copyMemory(from: UnsafeRawBufferPointer(good.bytes))
    #expect(throws: ProgramError.misaligned) {
      try FlatModel(validating: UnsafeRawBufferPointer(part))
    }
  }

  /// Sizes that contradict each other, under a checksum that is right.
  @Test(arguments: [(16, 64), (16, -64), (32, 64), (40, 64), (40, -64), (32, Int.min)])
  func contradictingSizesAreRefused(_ offset: Int, _ change: Int) throws {
    let memory = try Self.file()
    let size = memory.bytes.load(fromByteOffset: offset, as: Int.self)
    memory.bytes.storeBytes(of: size &+ change, toByteOffset: offset, as: Int.self)
    Self.seal(memory)
    let error = #expect(throws: ProgramError.self) { try Self.open(memory) }
    #expect(error == .damaged || error == .truncated)
  }
}
