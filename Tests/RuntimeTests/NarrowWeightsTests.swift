import Kernel
import Runtime
import Testing

/// The sample program with weights of 8 bits, in the place of the first of the 32-bit ones.
struct NarrowWeightsTests {
  private static let depthwise = 4
  /// What both operations need to widen their weights in, at least: 9 taps of one input channel, 2 taps of
  /// all channels, each for 16 outputs.
  private static let scratch = 9 * 64

  /// - Parameter scratch: The bytes of scratch memory.
  private func narrow(scratch: Int = scratch, _ type: ElementType = .int8) throws -> SampleProgram {
    let sample = SampleProgram()
    sample.setScratch(1 << 14)
    for index in [SampleProgram.convolution, Self.depthwise] {
      var operation = try sample.operation(index)
      operation.weightType = type
      sample.write(operation, at: index)
      let count = (index == Self.depthwise ? SampleProgram.depthwise : SampleProgram.kernel).count
      let weights =
        sample.memory.bytes.baseAddress!
        + (sample.header.constantsOffset + Int(operation.weights))
      for place in 0..<count {
        if type == .int8 {
          weights.storeBytes(of: Int8(place % 7 - 3), toByteOffset: place, as: Int8.self)
        } else {
          // Whole numbers of 16 bits.
          let halves: [UInt16] = [0xc200, 0xc000, 0xbc00, 0, 0x3c00, 0x4000, 0x4200]
          weights.storeBytes(
            of: halves[place % 7].littleEndian, toByteOffset: 2 * place, as: UInt16.self)
        }
      }
    }
    sample.setScratch(scratch)
    return sample
  }

  /// The same weights as floats.
  private func wide() throws -> SampleProgram {
    let sample = SampleProgram()
    for index in [SampleProgram.convolution, Self.depthwise] {
      let count = (index == Self.depthwise ? SampleProgram.depthwise : SampleProgram.kernel).count
      let offset = Int(try sample.operation(index).weights)
      for place in 0..<count {
        sample.memory.bytes.storeBytes(
          of: Float(place % 7 - 3),
          toByteOffset: sample.header.constantsOffset + offset + place * 4, as: Float.self)
      }
    }
    return sample
  }

  /// Also in the least memory, where input channels come one after the other: sums that begin at a bias are
  /// rounded in another order then.
  @Test(arguments: [1, 2], [ElementType.int8, .float16])
  func narrowWeightsAreTheirValues(threads: Int, type: ElementType) throws {
    let expected = try wide().outputs(threads: threads)
    for scratch in [2 * Self.scratch, 1 << 14] {
      #expect(try narrow(scratch: scratch, type).outputs(threads: threads) == expected)
    }
    let least = try narrow(type).outputs(threads: threads)
    #expect(zip(least, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func weightsThatHaveNoRoomAreRefused() throws {
    #expect(throws: ProgramError.damaged) { try narrow(scratch: Self.scratch - 64).program() }
    #expect(throws: ProgramError.damaged) { try narrow(scratch: 0).program() }
    // Each weight takes a byte: the last 288 bytes of the constants are enough for them.
    let sample = try narrow()
    var operation = try sample.operation(SampleProgram.convolution)
    let size = UInt64(sample.header.constantsSize)
    operation.weights = size - 320
    sample.write(operation, at: SampleProgram.convolution)
    #expect(throws: Never.self) { try sample.program() }
    operation.weights = size - 256
    sample.write(operation, at: SampleProgram.convolution)
    #expect(throws: ProgramError.damaged) { try sample.program() }
  }

  /// What is pooled at once needs all input channels, behind the rows that are pooled.
  @Test func poolingNeedsWholeSums() throws {
    let needed =
      Convolution.scratchCount(
        try SampleProgram().operation(SampleProgram.convolution).window.geometry) * 4
    for (scratch, isValid) in [
      (needed + 2 * Self.scratch, true), (needed + 2 * Self.scratch - 64, false),
    ] {
      let sample = try narrow(scratch: 1 << 14)
      var convolution = try sample.operation(SampleProgram.convolution)
      // Straight to where the pooling would have written.
      convolution.isPooled = true
      convolution.output = 2
      sample.write(convolution, at: SampleProgram.convolution)
      var pooling = Operation(.activation, input: 2, output: 2)
      pooling.activation = .linear
      sample.write(pooling, at: SampleProgram.convolution + 1)
      sample.setScratch(scratch)
      if isValid {
        #expect(throws: Never.self) { try sample.program() }
      } else {
        #expect(throws: ProgramError.damaged) { try sample.program() }
      }
    }
  }

  @Test func typesThatAreNotKnownAreRefused() throws {
    let changes: [(Int, (inout Runtime.Operation) -> Void)] = [
      // Types from 3 on, and narrow weights of an operation without any.
      (SampleProgram.convolution, { $0.numbers[15] |= 3 << 9 }),
      (SampleProgram.convolution, { $0.numbers[15] |= 4 << 9 }),
      (SampleProgram.convolution + 1, { $0.numbers[15] |= 1 << 9 }),
      // Winograd's method, and a value of the state's.
      (SampleProgram.convolution, { $0.winogradTile = 2 }),
      (SampleProgram.convolution, { $0.weights = Runtime.Operation.reference(toTensor: 1) }),
    ]
    for (index, change) in changes {
      let sample = try narrow(scratch: 1 << 20)
      var operation = try sample.operation(index)
      change(&operation)
      sample.write(operation, at: index)
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
  }

  /// In a band the rows between its operations come first: 128 bytes of them.
  @Test func bandsHaveRoomForBoth() throws {
    for (scratch, isValid) in [(128 + Self.scratch, true), (64 + Self.scratch, false)] {
      let sample = try narrow(scratch: 1 << 14)
      try sample.makeBand()
      sample.setScratch(scratch)
      if isValid {
        #expect(try sample.outputs(threads: 2) == wide().outputs(threads: 1))
      } else {
        #expect(throws: ProgramError.damaged) { try sample.program() }
      }
    }
  }
}
