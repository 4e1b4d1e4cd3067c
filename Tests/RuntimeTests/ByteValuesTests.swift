import Kernel
import Runtime
import Testing

/// The sample program with whole numbers of 8 bits between what is scaled and shifted and the depthwise
/// convolution, each of which is a band by itself; what they were added to is the pooling's result.
struct ByteValuesTests {
  private static let rounding = 3
  private static let depthwise = 4
  private static let bytes = 4
  /// What the depthwise convolution's input takes as floats: a row of two pixels, filled up.
  private static let scratch = 64

  private func sample(_ type: ElementType = .int8, factor: Float = 80) throws -> SampleProgram {
    let sample = SampleProgram()
    sample.setScratch(Self.scratch)
    var quantization = Operation(.quantization, input: 3, output: 4)
    let size = (2, 2, 3)
    quantization.window = Operation.Window(
      geometry: WindowGeometry(batch: 1, input: size, output: size))
    quantization.activation.alpha = factor
    quantization.bandLength = 1
    quantization.bandRows = 1
    var depthwise = try SampleProgram().operation(Self.depthwise)
    depthwise.bandLength = 1
    depthwise.bandRows = 1
    var addition = try SampleProgram().operation(SampleProgram.addition)
    addition.secondInput = 2
    var tensor = try SampleProgram().tensor(Self.bytes)
    tensor.type = type
    sample.write(quantization, at: Self.rounding)
    sample.write(depthwise, at: Self.depthwise)
    sample.write(addition, at: SampleProgram.addition)
    sample.write(tensor, at: Self.bytes)
    return sample
  }

  /// Each number is what the depthwise convolution reads, rows and pictures where they belong.
  @Test(arguments: [1, 2], [ElementType.int8, .uint8])
  func bytesAreTheirValues(threads: Int, type: ElementType) throws {
    let sample = try sample(type)
    let program = try sample.program()
    let arena = AlignedMemory(
      count: try #require(Session.arenaSize(program, batch: 3, threads: threads)))
    var session = try Session(
      program, batch: 3, arena: arena.bytes, kernels: Processor.kernels(),
      workers: Workers(ThreadPool(threads: threads)))
    let memory = BoundMemory(&session)
    // Numbers up to some 180, beyond what has a sign.
    _ = session.values(SampleProgram.input).update(
      fromContentsOf: (0..<96).map { Float($0 * 5 % 7 - 3) * 20 })
    session.run()
    let (values, found) = (Array(session.values(3)), Array(session.values(5)))
    let numbers = values.map { value in
      let number = (80 * value).rounded(.toNearestOrEven)
      return type == .int8 ? min(max(number, -127), 127) : min(max(number, 0), 255)
    }
    #expect(Set(numbers).count > 10 && numbers.contains { $0 > 126 })
    for (index, found) in found.enumerated() {
      // (2, 1, 3): of each row both pixels.
      let (row, channel) = (index / 3, index % 3)
      let sum = (0..<2).reduce(SampleProgram.bias[channel]) {
        $0 + numbers[row * 6 + $1 * 3 + channel] * SampleProgram.depthwise[$1 * 16 + channel]
      }
      let expected = sum * SampleProgram.scale[channel] + SampleProgram.shift[channel]
      // Some roundings of numbers up to a hundred.
      #expect(abs(found - expected) <= 1e-6 * max(abs(expected), 100), "\(index)")
    }
    withExtendedLifetime((sample, arena, memory)) {}
  }

  @Test func recordIsReadAsItWasWritten() throws {
    let sample = try sample(.uint8)
    let read = try sample.tensor(Self.bytes)
    #expect(read.type == .uint8 && read.placement == .batch && read.count == 12)
    #expect(try sample.tensor(3).type == .float32)
    withExtendedLifetime(sample) {}
  }

  @Test func recordsThatCannotBeBytesAreRefused() throws {
    let changes: [(inout TensorRecord) -> Void] = [
      { $0.type = .float16 }, { $0.type = .float32 }, { $0.role = .tap }, { $0.placement = .band },
      { $0.placement = .state },
      {
        $0.placement = .part
        $0.whole = 1
        $0.rowLength = 3
        $0.offset = 0
      },
      // Beyond what there is.
      { $0.offset += 1 << 20 },
    ]
    for change in changes {
      let sample = try sample()
      var tensor = try sample.tensor(Self.bytes)
      change(&tensor)
      sample.write(tensor, at: Self.bytes)
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
    // Types from 4 on, and bytes that are none.
    for (offset, byte): (Int, UInt8) in [(49, 4), (49, 255), (50, 1), (51, 1)] {
      let sample = try sample()
      sample.memory.bytes[
        sample.header.tensorsOffset + Self.bytes * TensorRecord.size + offset] = byte
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
    // The caller's memory is floats.
    for index in [SampleProgram.input, SampleProgram.output] {
      let sample = try sample()
      var tensor = try sample.tensor(index)
      tensor.type = .int8
      sample.write(tensor, at: index)
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
  }

  /// A part lies between floats.
  @Test func partsOfBytesAreRefused() throws {
    let sample = try sample()
    var tensor = try sample.tensor(5)
    tensor.placement = .part
    tensor.whole = Self.bytes
    tensor.rowLength = 3
    tensor.offset = 0
    sample.write(tensor, at: 5)
    #expect(throws: ProgramError.damaged) { try sample.program() }
  }

  @Test func operationsThatTakeOthersAreRefused() throws {
    let changes: [(Int, (inout Runtime.Operation) -> Void)] = [
      // Bytes that are read as floats, and written as such.
      (SampleProgram.addition, { $0.secondInput = 4 }), (SampleProgram.addition, { $0.input = 4 }),
      (SampleProgram.copy, { $0.input = 4 }), (SampleProgram.copy + 1, { $0.output = 4 }),
      (SampleProgram.convolution + 2, { $0.output = 4 }), (8, { $0.input = 4 }),
      // Bytes are rounded, and floats are not.
      (Self.rounding, { $0.output = 6 }), (Self.rounding, { $0.input = 4 }),
      // Not in a band, in one without rows, and in one that is too long.
      (Self.rounding, { $0.bandLength = 0 }), (Self.depthwise, { $0.bandLength = 0 }),
      (Self.rounding, { $0.bandRows = 0 }), (Self.depthwise, { $0.bandRows = 0 }),
      (Self.depthwise, { $0.bandLength = 2 }), (Self.rounding, { $0.bandLength = 2 }),
      // Windows of more than a pixel, or of other sizes.
      (Self.rounding, { $0.window.geometry.windowHeight = 2 }),
      (Self.rounding, { $0.window.geometry.strideX = 2 }),
      (Self.rounding, { $0.window.geometry.paddingTop = 1 }),
      (Self.rounding, { $0.window.geometry.outputChannels = 6 }),
      (Self.rounding, { $0.window.geometry.inputHeight = 4 }),
      // Types of weights that it does not have.
      (Self.rounding, { $0.numbers[15] |= 1 << 9 }),
    ]
    for (index, change) in changes {
      let sample = try sample()
      var operation = try sample.operation(index)
      change(&operation)
      sample.write(operation, at: index)
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
  }

  /// A pooling would hand units of a step on; a convolution has no room for its input where its weights are floats.
  @Test func whoCannotReadBytesIsRefused() throws {
    for kind in [Operation.Kind.averagePooling, .maximumPooling, .convolution] {
      let sample = try sample()
      var operation = try sample.operation(Self.depthwise)
      operation.kind = kind
      if kind == .convolution { operation.weights = 0 }
      sample.setScratch(1 << 14)
      sample.write(operation, at: Self.depthwise)
      #expect(throws: ProgramError.damaged) { try sample.program() }
    }
  }

  @Test(arguments: [Float.nan, .infinity, 0, -1])
  func factorsThatAreNoneAreRefused(_ factor: Float) throws {
    let sample = try sample(factor: factor)
    #expect(throws: ProgramError.damaged) { try sample.program() }
  }

  @Test func rowsHaveRoom() throws {
    let sample = try sample()
    sample.setScratch(Self.scratch - 64)
    #expect(throws: ProgramError.damaged) { try sample.program() }
  }
}
