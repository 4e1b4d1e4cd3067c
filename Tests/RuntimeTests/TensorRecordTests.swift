import Runtime
import Testing

struct TensorRecordTests {
  @Test func recordIsReadAsItWasWritten() throws {
    let sample = SampleProgram()
    let written = TensorRecord(
      role: .tap, rank: 3, sizes: [1, 2, 3, 1, 1, 1], offset: 128, nameOffset: 1, nameLength: 2,
      placement: .batch)
    #expect(written.count == 6)
    sample.write(written, at: 5)
    let read = try sample.tensor(5)
    #expect(read.role == .tap && read.rank == 3 && read.count == 6)
    #expect((0..<6).allSatisfy { read.sizes[$0] == written.sizes[$0] })
    #expect(read.placement == .batch)
    #expect(read.offset == 128 && read.nameOffset == 1 && read.nameLength == 2)
    withExtendedLifetime(sample) {}
  }
}
