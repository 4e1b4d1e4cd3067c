import Kernel
import Runtime
import Testing

/// Programs of which one record is damaged.
struct ProgramValidationTests {
  private typealias Change = (inout Runtime.Operation) -> Void

  @Test func tensorsThatDoNotExistAreRefused() {
    let changes: [Change] = [
      { $0.input = 10 }, { $0.output = 10 }, { $0.input = Operation.none },
      { $0.output = .max - 1 },
    ]
    for index in 0..<10 { expectDamaged(index, changes) }
    expectDamaged(
      SampleProgram.addition, [{ $0.secondInput = 10 }, { $0.secondInput = Operation.none }])
  }

  @Test func tensorsOfAnotherSizeAreRefused() {
    for index in [
      SampleProgram.convolution, SampleProgram.scaleAndShift, SampleProgram.activation,
      SampleProgram.addition, SampleProgram.softmax,
    ] {
      expectDamaged(index, [{ $0.input = 5 }, { $0.output = 5 }])
    }
    expectDamaged(SampleProgram.addition, [{ $0.secondInput = 5 }])
  }

  @Test func constantsOutOfRangeAreRefused() {
    let size = UInt64(SampleProgram().header.constantsSize)
    let wrong: [UInt64] = [
      Operation.noConstant, 4, size, size + 64, 1 << 63, (.max - 63), 1 << 32,
    ]
    for offset in wrong {
      expectDamaged(
        SampleProgram.convolution, [{ $0.weights = offset }, { $0.bias = offset }])
      expectDamaged(
        SampleProgram.scaleAndShift, [{ $0.scale = offset }, { $0.shift = offset }])
    }
    // All constants but the last 64 bytes are too few for the kernel from there on.
    expectDamaged(SampleProgram.convolution, [{ $0.weights = size - 64 }, { $0.scale = 0 }])
  }

  @Test func windowsThatDoNotMatchAreRefused() {
    let changes: [(inout Runtime.Operation.Window) -> Void] = [
      { $0.geometry.inputHeight += 1 }, { $0.geometry.inputWidth = 0 },
      { $0.geometry.inputChannels = 0 }, { $0.geometry.outputHeight += 1 },
      { $0.geometry.outputWidth = 1 << 31 }, { $0.geometry.outputChannels -= 1 },
      { $0.geometry.windowHeight = 0 }, { $0.geometry.windowWidth = 0 },
      { $0.geometry.strideY = 0 }, { $0.geometry.strideX = 0 }, { $0.geometry.dilationY = 0 },
      { $0.geometry.dilationX = 0 },
    ]
    for change in changes {
      for index in [0, 1, 4, 8] { expectDamaged(index, [{ change(&$0.window) }]) }
    }
    let ofConvolution: [(inout Runtime.Operation.Window) -> Void] = [
      { $0.geometry.windowHeight = 1 << 20 }, { $0.geometry.windowWidth = 1 << 31 },
      { $0.groups = 0 }, { $0.groups = 2 }, { $0.groups = 1 << 31 },
    ]
    for change in ofConvolution {
      expectDamaged(SampleProgram.convolution, [{ change(&$0.window) }])
    }
  }

  /// Sizes, windows and dilations whose products are no numbers any more: the window of the pooling still seems to
  /// fit.
  @Test func windowsOfNumbersWithoutMeasureAreRefused() {
    for number: UInt32 in [1 << 31, .max, 1 << 29] {
      for pooling in [SampleProgram.convolution + 1, 8] {
        expectDamaged(
          pooling,
          [
            {
              $0.numbers[0] = number
              $0.numbers[4] = number
            },
            {
              $0.numbers[1] = number
              $0.numbers[5] = number
            },
            { $0.numbers[2] = number }, { $0.numbers[6] = number },
          ])
      }
    }
  }

  @Test func activationsThatAConvolutionCannotFuseAreRefused() {
    expectDamaged(SampleProgram.convolution, [{ $0.activation = Activation(.tanh) }])
  }

  @Test func copiesBeyondTheEndAreRefused() {
    for (index, number): (Int, UInt32) in [
      (0, 2), (1, 3), (2, 4), (2, .max), (4, 4), (6, 10), (7, 4), (7, .max), (0, .max), (1, .max),
    ] {
      expectDamaged(SampleProgram.copy, [{ $0.numbers[index] = number }])
    }
  }

  @Test func otherNumbersOutOfRangeAreRefused() {
    expectDamaged(
      SampleProgram.scaleAndShift,
      [{ $0.numbers[0] = 0 }, { $0.numbers[0] = 5 }, { $0.numbers[0] = .max }])
    expectDamaged(
      SampleProgram.softmax,
      [{ $0.numbers[0] = 0 }, { $0.numbers[1] = 4 }, { $0.numbers[2] = .max }])
  }

  @Test func unknownKindsAndFunctionsAreRefused() {
    for offset in [0, 16] {
      let sample = SampleProgram()
      sample.memory.bytes[sample.header.operationsOffset + offset] = 200
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
  }

  @Test func tensorsOutOfRangeAreRefused() throws {
    let changes: [(inout TensorRecord) -> Void] = [
      { $0.rank = 7 }, { $0.sizes[0] = 1 << 20 }, { $0.sizes[5] = 1 << 31 }, { $0.offset += 4 },
      { $0.offset += 1 << 20 }, { $0.offset = 1 << 62 }, { $0.nameOffset = 1 },
      { $0.nameLength = 4 }, { $0.nameOffset = 1 << 31 },
      { tensor in for axis in 0..<6 { tensor.sizes[axis] = 1 << 31 } },
      // No values, and sizes that the rank does not tell of.
      { $0.sizes[1] = 0 }, { $0.rank = 2 }, { $0.rank = 0 },
    ]
    for change in changes {
      let sample = SampleProgram()
      var tensor = try sample.tensor(7)
      change(&tensor)
      sample.write(tensor, at: 7)
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
    let sample = SampleProgram()
    sample.memory.bytes[sample.header.tensorsOffset] = 4
    #expect(throws: ProgramError.damaged) { try sample.program() }
  }

  /// Rows that all lie over each other stay inside, and would never end.
  @Test func copiesOfMoreThanTheirTargetAreRefused() {
    expectDamaged(
      SampleProgram.copy,
      [
        { copy in
          for number in 0..<2 { copy.numbers[number] = 1 << 31 }
          for number in 3..<7 { copy.numbers[number] = 0 }
        },
        { $0.numbers[2] = 0 },
      ])
  }

  /// Expects a program to be refused where one of its operations has been changed.
  private func expectDamaged(
    _ index: Int, _ changes: [Change], at location: SourceLocation = #_sourceLocation
  ) {
    for change in changes {
      let sample = SampleProgram()
      guard var operation = try? sample.operation(index) else {
        Issue.record("The sample program is not valid", sourceLocation: location)
        return
      }
      change(&operation)
      sample.write(operation, at: index)
      #expect(throws: ProgramError.damaged, sourceLocation: location) { try sample.program() }
    }
  }
}
