import Kernel
import Runtime
import Testing

/// The sample program with a band of its first two operations, a row at a time.
struct BandTests {
  private static let scratch = 128

  private func sample() throws -> SampleProgram {
    let sample = SampleProgram()
    try sample.makeBand()
    sample.setScratch(Self.scratch)
    return sample
  }

  @Test(arguments: [1, 2])
  func rowsAreThoseOfTheWhole(threads: Int) throws {
    #expect(try sample().outputs(threads: threads) == SampleProgram().outputs(threads: 1))
  }

  @Test func bandsThatDoNotFitAreRefused() throws {
    let changes: [(inout Runtime.Operation) -> Void] = [
      { $0.bandLength = 1 }, { $0.bandLength = 3 }, { $0.bandLength = 5 }, { $0.bandLength = 15 },
      { $0.bandRows = 0 }, { $0.bandLength = 0 }, { $0.winogradTile = 2 }, { $0.isPooled = true },
    ]
    for change in changes {
      let sample = try sample()
      var operation = try sample.operation(0)
      change(&operation)
      sample.write(operation, at: 0)
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
    // Two rows of 48 bytes do not fit, neither here nor there.
    for offset in [64, 128, 1 << 40] {
      let sample = try sample()
      var tensor = try sample.tensor(1)
      tensor.offset = offset
      sample.write(tensor, at: 1)
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
    let without = try self.sample()
    without.setScratch(64)
    #expect(throws: ProgramError.damaged) { try without.program() }
  }

  /// Somebody else would see rows that are gone, or memory that is another's.
  @Test func valuesOfABandAreItsOwn() throws {
    let users: [(Int, (inout Runtime.Operation) -> Void)] = [
      (1, { $0.output = 1 }), (7, { $0.secondInput = 1 }), (1, { $0.bandLength = 2 }),
    ]
    for (index, change) in users {
      let sample = try sample()
      var operation = try sample.operation(index)
      change(&operation)
      sample.write(operation, at: index)
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
    let other = SampleProgram()
    var tensor = try other.tensor(4)
    tensor.placement = .band
    other.write(tensor, at: 4)
    #expect(throws: ProgramError.damaged) { try other.program() }
  }
}
