import Kernel
import Runtime
import Testing

/// The sample program with what is scaled and shifted, (2, 2, 3), in the memory of the convolution's result,
/// (4, 4, 3): four rows of three floats, twelve apart.
struct PartTests {
  private static let part = 3

  private func sample(_ change: (inout TensorRecord) -> Void = { _ in }) throws -> SampleProgram {
    let sample = SampleProgram()
    var tensor = try sample.tensor(Self.part)
    tensor.placement = .part
    tensor.whole = 1
    tensor.rowLength = 3
    tensor.offset = 0
    change(&tensor)
    sample.write(tensor, at: Self.part)
    return sample
  }

  /// Whole pixels are read and written wherever they lie in the rows.
  @Test(arguments: [0, 4, 36], [1, 2])
  func rowsAreReadAndWritten(offset: Int, threads: Int) throws {
    let plain = try SampleProgram().outputs(threads: 1)
    #expect(try sample({ $0.offset = offset }).outputs(threads: threads) == plain)
    let pairs = try sample {
      $0.rowLength = 6
      $0.offset = 2 * offset
    }
    #expect(try pairs.outputs(threads: threads) == plain)
  }

  /// What a pooling computes, in the sum's memory: by pixels, lines and pictures, and by nothing else.
  @Test(arguments: [3, 6, 12], [1, 2, 4])
  func rowsAreWholePixels(rowLength: Int, wrong: Int) throws {
    func sample(_ rowLength: Int) throws -> SampleProgram {
      let sample = SampleProgram()
      var tensor = try sample.tensor(2)
      tensor.placement = .part
      tensor.whole = 7
      tensor.rowLength = rowLength
      tensor.offset = 0
      sample.write(tensor, at: 2)
      return sample
    }
    #expect(try sample(rowLength).outputs(threads: 1) == SampleProgram().outputs(threads: 1))
    let damaged = try sample(wrong)
    #expect(throws: ProgramError.damaged) { try damaged.program() }
  }

  @Test func recordIsReadAsItWasWritten() throws {
    let sample = try sample { $0.offset = 20 }
    let read = try sample.tensor(Self.part)
    #expect(read.placement == .part && read.whole == 1 && read.rowLength == 3 && read.offset == 20)
    withExtendedLifetime(sample) {}
  }

  @Test func partsBeyondTheirWholeAreRefused() throws {
    let changes: [(inout TensorRecord) -> Void] = [
      { $0.offset = 40 }, { $0.offset = 2 }, { $0.offset = 1 << 40 }, { $0.offset = 1 << 62 },
      { $0.rowLength = 0 }, { $0.rowLength = 5 }, { $0.rowLength = 1 << 31 },
      // Rows of parts of pixels, and more rows than the other has floats for.
      { $0.rowLength = 4 }, { $0.rowLength = 1 },
      {
        $0.whole = 2
        $0.rowLength = 6
        $0.offset = 4
      },
      { $0.whole = 10 }, { $0.whole = 1 << 31 }, { $0.whole = Self.part }, { $0.whole = 9 },
      { $0.role = .tap },
    ]
    for (index, change) in changes.enumerated() {
      let sample = try sample(change)
      #expect(throws: ProgramError.damaged, "\(index)") { try sample.program() }
    }
  }

  /// Those that take a value for one piece.
  @Test func operationsThatCannotAreRefused() throws {
    let users: [(Int, (inout Runtime.Operation) -> Void)] = [
      (SampleProgram.addition, { $0.secondInput = 3 }), (SampleProgram.addition, { $0.input = 3 }),
      (SampleProgram.addition, { $0.output = 3 }), (4, { $0.input = 3 }), (8, { $0.input = 3 }),
      (5, { $0.output = 3 }),
    ]
    for (index, change) in users {
      let sample = try sample()
      var operation = try sample.operation(index)
      change(&operation)
      sample.write(operation, at: index)
      #expect(throws: ProgramError.damaged, "\(index)") { try sample.program() }
    }
  }
}
